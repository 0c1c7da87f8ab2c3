import type { Unsent, UnsentPicture } from '@biologidex/client/face'
import { type SavedPicture, type SavedWork, savedWork, WORK_FORMAT } from '@biologidex/core/exchange/saved-work'
import { type UnzipFileInfo, unzipSync, Zip, ZipDeflate, ZipPassThrough } from 'fflate'

const JSON_FILE = 'work.json'
/** A file larger than this is none of ours, or more than a browser can hold at once; in bytes. */
const LARGEST = 1_500_000_000
const LARGEST_JSON = 64_000_000

/** The file that was chosen is not saved work, is damaged, or was made by a version that knows more. */
export class NotSavedWork extends Error {
  constructor() {
    super('This file holds no saved work.')
    this.name = 'NotSavedWork'
  }
}

const extensionOf = (mediaType: string): string => mediaType.replace('image/', '').replace('jpeg', 'jpg')

const saying = ({ image, entry, sha256, size, mediaType }: UnsentPicture): SavedPicture => ({
  image,
  entry,
  sha256,
  size,
  mediaType: mediaType as SavedPicture['mediaType'],
  file: `photos/${image}.${extensionOf(mediaType)}`,
})

export interface Saving {
  readonly account: string
  readonly username: string
  /** UTC milliseconds. */
  readonly now: number
  readonly work: Unsent
  readonly original: (image: string) => Promise<Uint8Array | undefined>
  /** What the README in the file says. */
  readonly readme: string
}

/** Unsent work as a zip: what it is in words, the changes as they lie in the outbox, and the original photos. */
export async function zipWork({ account, username, now, work, original, readme }: Saving): Promise<Blob> {
  const pictures = work.pictures.map(saying)
  const content: SavedWork = {
    format: WORK_FORMAT,
    version: 1,
    account,
    username,
    saved: new Date(now).toISOString(),
    changes: [...work.changes],
    pictures,
  }
  const parts: BlobPart[] = []
  const zip = new Zip((error, chunk) => {
    if (error) throw error
    parts.push(chunk)
  })
  const add = (file: ZipDeflate | ZipPassThrough, bytes: Uint8Array): void => {
    file.mtime = now
    zip.add(file)
    file.push(bytes, true)
  }
  const text = new TextEncoder()
  add(new ZipDeflate('README.txt'), text.encode(readme))
  add(new ZipDeflate(JSON_FILE), text.encode(JSON.stringify(content, undefined, 1)))
  for (const { image, file } of pictures) {
    const bytes = await original(image)
    if (bytes) add(new ZipPassThrough(file), bytes)
  }
  zip.end()
  return new Blob(parts, { type: 'application/zip' })
}

/** One file of the zip; undefined when it is not there, or not as it should be. */
function unzipped(bytes: Uint8Array, name: string, isFit: (file: UnzipFileInfo) => boolean): Uint8Array | undefined {
  let taken = false
  const files = unzipSync(bytes, {
    // A name that stands there twice is taken once.
    filter: (file) => {
      const wanted = !taken && file.name === name && isFit(file)
      taken ||= wanted
      return wanted
    },
  })
  return files[name]
}

export interface WorkFile {
  readonly work: SavedWork
  /** The photo as it lies in the file, unchecked; undefined when it is not there. */
  readonly photo: (image: string) => Uint8Array | undefined
}

/**
 * Reads a zip that somebody chose. Nothing in it is believed: sizes are limited before anything is unpacked, photos must lie there as they
 * are, and every change is checked field by field.
 * @throws NotSavedWork
 */
export function readWork(bytes: Uint8Array): WorkFile {
  if (bytes.length > LARGEST) throw new NotSavedWork()
  try {
    const json = unzipped(bytes, JSON_FILE, ({ originalSize }) => originalSize <= LARGEST_JSON)
    const work = savedWork.parse(JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(json)))
    const byImage = new Map(work.pictures.map((picture) => [picture.image, picture]))
    const photo = (image: string): Uint8Array | undefined => {
      const picture = byImage.get(image)
      const isWhole = ({ compression, size, originalSize }: UnzipFileInfo) =>
        compression === 0 && size === originalSize && size === picture?.size
      const found = picture && unzipped(bytes, picture.file, isWhole)
      // A file that was cut short, or whose directory lies about it, gives fewer bytes than it says.
      return found?.length === picture?.size ? found : undefined
    }
    return { work, photo }
  } catch {
    // Whatever it was that did not fit: the file is not what this can take.
    throw new NotSavedWork()
  }
}
