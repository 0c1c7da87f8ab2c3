import type { Photo } from './face.ts'
import type { BlobCache, Clock, StoredUpload } from './ports.ts'
import { type MakeRoom, withRoom } from './room.ts'
import { SWEEP_AFTER } from './sweep.ts'
import { previewKey, sealedKey } from './uploads.ts'

/** The record of a photo that waits to go up. */
export const uploadOf = ({ image, entry, sha256, original, mediaType }: Photo): StoredUpload => ({
  image,
  entry,
  sha256,
  size: original.length,
  mediaType,
})

export interface PhotoParts {
  readonly blobs: BlobCache
  readonly clock: Clock
  readonly makeRoom: MakeRoom
}

async function putAll({ blobs, makeRoom }: PhotoParts, photos: readonly Photo[]): Promise<void> {
  for (const { image, original, previews } of photos) {
    await withRoom(makeRoom, () => blobs.put(sealedKey(image), original))
    for (const [rendition, bytes] of Object.entries(previews)) {
      await withRoom(makeRoom, () => blobs.put(previewKey(image, rendition), bytes))
    }
  }
}

/**
 * Keeps photos on the device and then what refers to them, in this order: a crash between leaves bytes to be swept, never
 * a record without bytes (I2). Should this program have slept so long between the two that the bytes were swept, they are kept again.
 */
export async function keepPhotos(parts: PhotoParts, photos: readonly Photo[], record: () => Promise<void>): Promise<void> {
  const began = parts.clock.now()
  await putAll(parts, photos)
  await record()
  if (photos.length > 0 && parts.clock.now() - began >= SWEEP_AFTER / 2) await putAll(parts, photos)
}
