import type { Unsent, UnsentPicture } from '@biologidex/client/face'
import type { OldSource } from '@biologidex/client/old-data'
import { SealBroken } from '@biologidex/client/ports'
import { type SavedPicture, type SavedWork, type SoundWork, soundWork, WORK_FORMAT } from '@biologidex/core/exchange/saved-work'
import { LIMITS } from '@biologidex/core/limits'
import { Zip, ZipDeflate, ZipPassThrough } from 'fflate'
import { zipSource } from './zip-source.ts'

const JSON_FILE = 'work.json'
/** Bytes of the changes at most, to write and to read: they are held in memory at once. */
const LARGEST_JSON = 200_000_000
/** What a zip takes beside its files at most, in bytes of one: headers, twice. */
const AROUND = 300
const LARGEST_README = 10_000
/** As many as a zip of this form counts. */
const MOST_FILES = 0xffff

/** The file that was chosen is not saved work, is damaged, or was made by a version that knows more. */
export class NotSavedWork extends Error {
  constructor() {
    super('This file holds no saved work.')
    this.name = 'NotSavedWork'
  }
}

/** There is more than one file takes that can be read again. */
export class TooMuchWork extends Error {
  constructor() {
    super('There is more unsent work than one file can hold.')
    this.name = 'TooMuchWork'
  }
}

const extensionOf = (mediaType: string): string => mediaType.replace('image/', '').replace('jpeg', 'jpg')

const saying = ({ mediaType, ...picture }: UnsentPicture): SavedPicture => ({
  ...picture,
  mediaType: mediaType as SavedPicture['mediaType'],
  file: `photos/${picture.image}.${extensionOf(mediaType)}`,
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

/** @throws TooMuchWork when what is written could not be read again */
function checkSize(json: Uint8Array, pictures: readonly SavedPicture[]): void {
  const all = pictures.reduce((sum, { size }) => sum + size + AROUND, json.length + LARGEST_README)
  const files = pictures.length + 2
  if (json.length > LARGEST_JSON || all > LIMITS.importZipBytes || files >= MOST_FILES) throw new TooMuchWork()
}

/** A photo's bytes; undefined when they are not there, or cannot be opened: that costs the rest nothing. */
const openOne = (image: string, original: Saving['original']): Promise<Uint8Array | undefined> =>
  original(image).catch((error: unknown) => {
    if (error instanceof SealBroken) return undefined
    throw error
  })

/** `lacking`: photos whose bytes could not be had. */
export interface Zipped {
  readonly file: Blob
  readonly lacking: number
}

/**
 * Unsent work as a zip: what it is in words, the changes as they lie in the outbox, and the original photos.
 * @throws TooMuchWork when it does not fit into one file
 */
export async function zipWork({ account, username, now, work, original, readme }: Saving): Promise<Zipped> {
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
    // A blob may lie on the disk, and arrays of all photos would not fit into memory.
    parts.push(new Blob([chunk]))
  })
  const add = (file: ZipDeflate | ZipPassThrough, bytes: Uint8Array): void => {
    file.mtime = now
    zip.add(file)
    file.push(bytes, true)
  }
  const text = new TextEncoder()
  const json = text.encode(JSON.stringify(content, undefined, 1))
  checkSize(json, pictures)
  add(new ZipDeflate('README.txt'), text.encode(readme))
  add(new ZipDeflate(JSON_FILE), json)
  let lacking = 0
  for (const { image, file } of pictures) {
    const bytes = await openOne(image, original)
    if (bytes) add(new ZipPassThrough(file), bytes)
    else lacking += 1
  }
  zip.end()
  return { file: new Blob(parts, { type: 'application/zip' }), lacking }
}

export interface WorkFile {
  readonly work: SoundWork
  /** The photo as it lies in the file, unchecked; undefined when it is not there. */
  readonly photo: (image: string) => Promise<Uint8Array | undefined>
}

/** A JSON file of the zip. @throws whatever it is that does not fit */
async function readJson({ files, read }: OldSource): Promise<unknown> {
  const size = files.find(({ path }) => path === JSON_FILE)?.size
  if (size === undefined || size > LARGEST_JSON) return undefined
  return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(await read(JSON_FILE)))
}

/**
 * Reads a zip that somebody chose, piece by piece: photos only when they are asked for. Nothing in it is believed: sizes are limited
 * before anything is unpacked, and every change is checked field by field.
 * @throws NotSavedWork
 */
export async function readWork(file: Blob): Promise<WorkFile> {
  let source: OldSource
  let work: SoundWork | undefined
  try {
    source = await zipSource(file)
    work = soundWork(await readJson(source))
  } catch {
    // Whatever it was that did not fit: the file is not what this can take.
    throw new NotSavedWork()
  }
  if (!work) throw new NotSavedWork()
  const byImage = new Map(work.pictures.map((picture) => [picture.image, picture]))
  const sizes = new Map(source.files.map(({ path, size }) => [path, size]))
  const photo = async (image: string): Promise<Uint8Array | undefined> => {
    const picture = byImage.get(image)
    if (!picture || sizes.get(picture.file) !== picture.size) return undefined
    // One that is damaged costs itself alone.
    return source.read(picture.file).catch(() => undefined)
  }
  return { work, photo }
}
