import { type CheckedPicture, checkPicture } from '@biologidex/core/exchange/check-picture'
import { type ImportCode, SourceRefused } from '@biologidex/core/exchange/import-codes'
import type { OldPicture } from '@biologidex/core/exchange/import-drafts'
import { type IdentifiedDex, type PlanRow, planImport, settlePicture } from '@biologidex/core/exchange/import-plan'
import type { KnownEntry } from '@biologidex/core/exchange/known-dex'
import { mayBeDex, type OldDex, readOldDex } from '@biologidex/core/exchange/old-dex'
import { type Digest, identify, pictureId } from '@biologidex/core/exchange/old-identity'
import { OldPictures } from '@biologidex/core/exchange/old-pictures'
import type { Importer } from '@biologidex/core/exchange/own-dexes'
import { LIMITS } from '@biologidex/core/limits'
import type { EntryOnScreen } from '@biologidex/core/sync/overlay'
import type { DexView } from './face.ts'
import type { Hasher } from './ports.ts'

/** Something to say of a file as a whole. */
export interface FileNotice {
  readonly path: string
  readonly code: ImportCode
}

/**
 * An older client's files, wherever they lie: a folder, files that were chosen, a zip. Paths have `/` between their parts and lead nowhere
 * but into the source. Nothing is ever written there.
 */
export interface OldSource {
  readonly files: readonly { readonly path: string; readonly size: number }[]
  /** What the source itself left out. */
  readonly notices: readonly FileNotice[]
  /** The bytes of one of `files`; of one that is damaged, those there are. Rejects when it cannot be read; with SourceRefused when the whole source is not to be. */
  read(path: string): Promise<Uint8Array>
}

/** What was found in a source: lists of records, and the files of their pictures. */
export interface OldData {
  readonly dexes: readonly IdentifiedDex[]
  readonly notices: readonly FileNotice[]
}

export type Progress = (current: number, total: number) => void

const digestBy = (hasher: Hasher): Digest => {
  const text = new TextEncoder()
  return (of) => hasher.sha256(text.encode(of))
}

type ReadList = OldDex | { readonly code: ImportCode } | undefined

async function readList(source: OldSource, path: string, size: number): Promise<ReadList> {
  if (size > LIMITS.importListBytes) return { code: 'file_too_large' }
  let bytes: Uint8Array
  try {
    bytes = await source.read(path)
  } catch (error) {
    if (error instanceof SourceRefused) throw error
    // Whatever the reason: this file is lost, the others are not.
    return { code: 'file_unreadable' }
  }
  return readOldDex(path, new TextDecoder('utf-8').decode(bytes))
}

const isDex = (read: OldDex | { readonly code: ImportCode }): read is OldDex => 'members' in read

/** Takes at most so many records in all. */
function cutAt(dex: OldDex, room: number): OldDex {
  return dex.members.length <= room ? dex : { ...dex, members: dex.members.slice(0, room), code: 'too_many_records' }
}

async function identified(dex: OldDex, pictures: OldPictures, account: string, digest: Digest): Promise<IdentifiedDex> {
  const found: IdentifiedDex['identified'][number][] = []
  for (const member of dex.members) {
    if (!('record' in member)) {
      found.push(undefined)
      continue
    }
    const { record } = member
    const urlHash = record.url === undefined ? undefined : await digest(record.url)
    found.push({ identity: await identify(record, account, digest), file: pictures.find(record, urlHash, dex.user) })
  }
  return { ...dex, identified: found }
}

/**
 * Reads every list of records in a source. Pictures are not read yet.
 * @param account into whose dex they are to come
 */
export async function readOldData(source: OldSource, account: string, hasher: Hasher): Promise<OldData> {
  const digest = digestBy(hasher)
  const pictures = new OldPictures(source.files.map(({ path }) => path))
  const notices: FileNotice[] = [...source.notices]
  const dexes: IdentifiedDex[] = []
  let room = LIMITS.importRecords
  for (const { path, size } of source.files) {
    if (/\.zip$/i.test(path)) notices.push({ path, code: 'zip_inside' })
    const read = mayBeDex(path) ? await readList(source, path, size) : undefined
    if (!read) continue
    const dex = isDex(read) ? cutAt(read, room) : undefined
    const code = dex?.code ?? read.code
    if (code) notices.push({ path, code })
    if (!dex || dex.members.length === 0) continue
    room -= dex.members.length
    dexes.push(await identified(dex, pictures, account, digest))
  }
  return { dexes, notices }
}

/** A record that is settled: its picture was read and is whole, or it is said why it has none. */
export interface PlannedRow extends PlanRow {
  readonly picture?: OldPicture & { readonly file: string }
}

type Checked =
  | { readonly sha256: string; readonly size: number; readonly type: OldPicture['type'] }
  | { readonly code: ImportCode }

/** Reads pictures and remembers what they are, not their bytes: planned again, nothing is read again. */
export class PictureCheck {
  readonly #source: OldSource
  readonly #hasher: Hasher
  readonly #sizes: ReadonlyMap<string, number>
  readonly #checked = new Map<string, Checked>()

  constructor(source: OldSource, hasher: Hasher) {
    this.#source = source
    this.#hasher = hasher
    this.#sizes = new Map(source.files.map(({ path, size }) => [path, size]))
  }

  async of(path: string): Promise<Checked> {
    const known = this.#checked.get(path) ?? (await this.#read(path))
    this.#checked.set(path, known)
    return known
  }

  async #read(path: string): Promise<Checked> {
    if ((this.#sizes.get(path) ?? 0) > LIMITS.pictureBytes) return { code: 'picture_too_large' }
    let bytes: Uint8Array
    try {
      bytes = await this.#source.read(path)
    } catch (error) {
      if (error instanceof SourceRefused) throw error
      return { code: 'picture_damaged' }
    }
    const checked: CheckedPicture = checkPicture(bytes)
    return 'code' in checked ? checked : { ...checked, size: bytes.length, sha256: await this.#hasher.sha256(bytes) }
  }
}

async function settled(row: PlanRow, check: PictureCheck, digest: Digest): Promise<PlannedRow> {
  const { record, entry } = row
  if (!record || !entry || (row.fate !== 'new' && row.fate !== 'picture')) return row
  let code: ImportCode = record.url || record.path || record.checksum ? 'picture_missing' : 'picture_none'
  for (const file of row.files) {
    const found = await check.of(file)
    if ('code' in found) {
      code = found.code
      continue
    }
    const changed = record.checksum !== undefined && record.checksum !== found.sha256
    const picture = { ...found, file, id: await pictureId(entry, found.sha256, digest) }
    return { ...settlePicture(row, undefined, changed), picture }
  }
  return settlePicture(row, code, false)
}

const knownOf = (entry: EntryOnScreen, dex: Pick<DexView, 'animal'>): KnownEntry => ({
  id: entry.id,
  publicId: entry.publicId,
  scientificName:
    entry.typedAnimal?.scientificName ?? (entry.animal === undefined ? undefined : dex.animal(entry.animal)?.scientificName),
  pictures: entry.images?.length ?? 0,
})

/** What of the own dex decides what is here already. */
export type DexToPlan = Pick<DexView, 'entries' | 'trash' | 'animal'>

export interface Planning extends Importer {
  readonly dex: DexToPlan
  /** Paths of the lists that are the importer's own. */
  readonly own: ReadonlySet<string>
  readonly check: PictureCheck
  readonly hasher: Hasher
  readonly signal: AbortSignal
  /** Records of which the picture has been looked at. */
  readonly onProgress: Progress
}

/** What is to become of every record. Reads the pictures of those that would come; writes nothing. Rejects with the signal's reason. */
export async function planOldData({ dexes }: OldData, planning: Planning): Promise<PlannedRow[]> {
  const { dex, check, hasher, signal, onProgress } = planning
  const entries = [...dex.entries.values()].map((entry) => knownOf(entry, dex))
  const trash = [...dex.trash.values()].map(({ entry }) => knownOf(entry, dex))
  const rows = planImport({ ...planning, dexes, entries, trash })
  const planned: PlannedRow[] = []
  for (const row of rows) {
    signal.throwIfAborted()
    planned.push(await settled(row, check, digestBy(hasher)))
    onProgress(planned.length, rows.length)
  }
  return planned
}
