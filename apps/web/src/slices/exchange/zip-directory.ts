import { SourceRefused } from '@biologidex/core/exchange/import-codes'
import { LIMITS } from '@biologidex/core/limits'

/** A file in a zip, as its directory says. */
export interface ZipEntry {
  /** With `/` between its parts. */
  readonly path: string
  /** Where its local header begins, and where what comes after it does, at the latest. */
  readonly offset: number
  readonly end: number
  readonly packed: number
  readonly size: number
  readonly isDeflated: boolean
}

const END_SIGNATURE = 0x06054b50
const END_BYTES = 22
const ENTRY_SIGNATURE = 0x02014b50
const ENTRY_BYTES = 46
const LOCAL_BYTES = 30
const MOST_COMMENT = 0xffff
const MOST_DIRECTORY = 64_000_000
/** What stands where a number is too large for this form of zip. */
const [ZIP64_COUNT, ZIP64_SIZE] = [0xffff, 0xffffffff]
const ENCRYPTED = 0x2041
const AES = 99
const [STORED, DEFLATED] = [0, 8]
/** Kinds of files in Unix, in the upper half of an entry's attributes. */
const [KIND, FOLDER, PLAIN] = [0o170000, 0o040000, 0o100000]
/** Deflate makes nothing smaller than this, in bytes of one. */
const MOST_RATIO = 1_032

async function viewOf(zip: Blob, from: number, to: number): Promise<DataView> {
  return new DataView(await zip.slice(from, to).arrayBuffer())
}

/** Where the directory lies. */
async function findDirectory(zip: Blob): Promise<{ from: number; to: number; count: number }> {
  const start = Math.max(0, zip.size - END_BYTES - MOST_COMMENT)
  const tail = await viewOf(zip, start, zip.size)
  for (let at = tail.byteLength - END_BYTES; at >= 0; at -= 1) {
    if (tail.getUint32(at, true) !== END_SIGNATURE || tail.getUint16(at + 20, true) !== tail.byteLength - at - END_BYTES)
      continue
    const count = tail.getUint16(at + 10, true)
    const bytes = tail.getUint32(at + 12, true)
    const from = tail.getUint32(at + 16, true)
    if (count === ZIP64_COUNT || (bytes > MOST_DIRECTORY && bytes < ZIP64_SIZE)) throw new SourceRefused('zip_too_many')
    if (bytes === ZIP64_SIZE || from === ZIP64_SIZE) throw new SourceRefused('zip_too_large')
    if (tail.getUint32(at + 4, true) !== 0 || from + bytes !== start + at) throw new SourceRefused('zip_damaged')
    return { from, to: from + bytes, count }
  }
  throw new SourceRefused('zip_damaged')
}

/** The path within the zip. @throws SourceRefused for one that leads anywhere else */
function pathOf(bytes: Uint8Array): string {
  const path = new TextDecoder('utf-8').decode(bytes).replaceAll('\\', '/')
  if (path.includes('\0') || path.startsWith('/') || /^[a-z]:/i.test(path)) throw new SourceRefused('zip_paths')
  if (path.split('/').includes('..')) throw new SourceRefused('zip_paths')
  return path
}

function checkForm(flags: number, method: number, attributes: number): void {
  if ((flags & ENCRYPTED) !== 0 || method === AES) throw new SourceRefused('zip_encrypted')
  if (method !== STORED && method !== DEFLATED) throw new SourceRefused('zip_unknown_form')
  const kind = (attributes >>> 16) & KIND
  if (kind !== 0 && kind !== FOLDER && kind !== PLAIN) throw new SourceRefused('zip_links')
}

function checkSizes({ packed, size, isDeflated }: Pick<ZipEntry, 'packed' | 'size' | 'isDeflated'>): void {
  if (packed === ZIP64_SIZE || size === ZIP64_SIZE) throw new SourceRefused('zip_too_large')
  if (isDeflated ? size > packed * MOST_RATIO : size !== packed) throw new SourceRefused('zip_lies')
}

/** One line of the directory, and how long it is. */
function readEntry(view: DataView, at: number): { entry: Omit<ZipEntry, 'end'>; next: number } {
  if (at + ENTRY_BYTES > view.byteLength || view.getUint32(at, true) !== ENTRY_SIGNATURE) throw new SourceRefused('zip_damaged')
  const [nameBytes, more, comment] = [28, 30, 32].map((field) => view.getUint16(at + field, true)) as [number, number, number]
  const next = at + ENTRY_BYTES + nameBytes + more + comment
  if (next > view.byteLength) throw new SourceRefused('zip_damaged')
  const method = view.getUint16(at + 10, true)
  checkForm(view.getUint16(at + 8, true), method, view.getUint32(at + 38, true))
  const entry = {
    path: pathOf(new Uint8Array(view.buffer, at + ENTRY_BYTES, nameBytes)),
    offset: view.getUint32(at + 42, true),
    packed: view.getUint32(at + 20, true),
    size: view.getUint32(at + 24, true),
    isDeflated: method === DEFLATED,
  }
  checkSizes(entry)
  return { entry, next }
}

/** Each file ends where the next begins at the latest: files that share bytes are how a small zip unpacks to a huge one. */
function withEnds(entries: readonly Omit<ZipEntry, 'end'>[], directory: number): ZipEntry[] {
  const inOrder = entries.toSorted((a, b) => a.offset - b.offset)
  return inOrder.map((entry, i) => {
    const end = inOrder[i + 1]?.offset ?? directory
    if (entry.offset + LOCAL_BYTES + entry.packed > end) throw new SourceRefused('zip_doubled')
    return { ...entry, end }
  })
}

/**
 * The files of a zip by its directory; nothing is unpacked. All of it is checked before any of it is believed.
 * @throws SourceRefused for what no older client's folder ever is: links, ways out, passwords, files in files, bombs
 */
export async function readDirectory(zip: Blob): Promise<ZipEntry[]> {
  if (zip.size > LIMITS.importZipBytes) throw new SourceRefused('zip_too_large')
  const { from, to, count } = await findDirectory(zip)
  const view = await viewOf(zip, from, to)
  const entries: Omit<ZipEntry, 'end'>[] = []
  let at = 0
  for (let i = 0; i < count; i += 1) {
    const { entry, next } = readEntry(view, at)
    entries.push(entry)
    at = next
  }
  if (at !== view.byteLength) throw new SourceRefused('zip_damaged')
  if (new Set(entries.map(({ path }) => path)).size < entries.length) throw new SourceRefused('zip_doubled')
  if (entries.reduce((sum, { size }) => sum + size, 0) > LIMITS.importZipBytes) throw new SourceRefused('zip_too_large')
  return withEnds(entries, from).filter(({ path }) => !path.endsWith('/'))
}
