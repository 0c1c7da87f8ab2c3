import { cryptoRandom } from '@biologidex/client/adapters/system'
import { AppError } from '@biologidex/core/errors'
import type { NewPicture } from './picture-edits.ts'
import { makePreviews } from './previews.ts'
import { readPhoto } from './read-photo.ts'

const random = cryptoRandom()

/**
 * Reads a chosen file and makes its previews.
 * @throws AppError why it is no picture that is taken; whatever reading the file fails with
 */
export async function newPicture(file: Blob): Promise<NewPicture> {
  const photo = await readPhoto(file)
  const { previews, code } = await makePreviews(photo.bytes, photo.type)
  // No server would take it, whatever its format; anything else is kept, shown or not.
  if (code === 'picture_too_many_pixels') throw new AppError(code)
  return { image: random.uuid(), photo, previews }
}
