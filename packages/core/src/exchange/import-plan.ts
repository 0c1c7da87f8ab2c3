import { foldUsername } from '../accounts/fold-username.ts'
import type { ImportCode } from './import-codes.ts'
import { KnownDex, type KnownEntry } from './known-dex.ts'
import type { OldDex } from './old-dex.ts'
import type { Identity } from './old-identity.ts'
import { type Label, namesOf, type OldRecord, type ReadRecord } from './old-record.ts'
import type { Importer } from './own-dexes.ts'

/**
 * What becomes of a record. `new`: an entry is made. `picture`: its entry is here without one, and gets its picture. `here`, `deleted`, `twice`:
 * nothing, for it is known. `other`: nothing, it is somebody else's. `bad`: nothing, it is not understood.
 */
export type Fate = 'new' | 'picture' | 'here' | 'deleted' | 'twice' | 'other' | 'bad'
export const FATES: readonly Fate[] = ['new', 'picture', 'here', 'deleted', 'twice', 'other', 'bad']

/** A record with what tells it from all others. */
export interface IdentifiedRecord {
  readonly identity: Identity
  /** The file of its picture, if it is at hand. */
  readonly file?: string | undefined
}

/** A list whose records are identified: those that could be read, in place. */
export interface IdentifiedDex extends OldDex {
  readonly identified: readonly (IdentifiedRecord | undefined)[]
}

/** One record of an import, and what is to become of it. */
export interface PlanRow {
  readonly label: Label
  /** Its scientific name, where the label is another. */
  readonly latin?: string
  /** Path of its list. */
  readonly dex: string
  fate: Fate
  /** Why it is not taken. */
  readonly code?: ImportCode
  /** What comes along otherwise than it was written, or not at all. */
  notes: readonly ImportCode[]
  readonly record?: OldRecord
  /** The entry that is made or gets a picture; of one that is known, that one. */
  readonly entry?: string
  /** Files that may hold its picture, the likeliest first. */
  files: readonly string[]
}

/** What an import plans from. `entries`, `trash`: the own dex, whole. */
export interface PlanInput extends Importer {
  readonly dexes: readonly IdentifiedDex[]
  /** Paths of the lists that are the importer's own. */
  readonly own: ReadonlySet<string>
  readonly entries: Iterable<KnownEntry>
  readonly trash: Iterable<KnownEntry>
}

interface Met {
  readonly entry: KnownEntry
  readonly deleted: boolean
}

function knownOf({ entries, trash }: PlanInput): KnownDex<Met> {
  const known = new KnownDex<Met>()
  // The living last: they win where a name stands for both.
  for (const entry of trash) known.add({ entry, deleted: true }, entry.id, entry.publicId, entry.scientificName)
  for (const entry of entries) known.add({ entry, deleted: false }, entry.id, entry.publicId, entry.scientificName)
  return known
}

/** What is to be said of a record that comes without something. */
function lacks(record: OldRecord): ImportCode[] {
  return [
    ...(namesOf(record).scientific === undefined ? (['name_missing'] as const) : []),
    ...(record.observed ? [] : (['date_unknown'] as const)),
  ]
}

class Planner {
  readonly #input: PlanInput
  readonly #known: KnownDex<Met>
  readonly #planned = new KnownDex<PlanRow>()

  constructor(input: PlanInput) {
    this.#input = input
    this.#known = knownOf(input)
  }

  /** True for a record that says that it is neither the importer's nor that of its list's owner. */
  #isForeign({ owner }: OldRecord, dex: OldDex): boolean {
    if (owner === undefined || foldUsername(owner) === foldUsername(this.#input.username)) return false
    return dex.owner === undefined || foldUsername(owner) !== foldUsername(dex.owner)
  }

  row(dex: OldDex, member: ReadRecord, found: IdentifiedRecord | undefined): PlanRow {
    const { label } = member
    const bare = { label, dex: dex.path, notes: [], files: [] }
    const isOwn = this.#input.own.has(dex.path)
    if (!isOwn) return { ...bare, fate: 'other', code: 'somebody_else' }
    if (!('record' in member)) return { ...bare, fate: 'bad', code: member.code }
    const { record } = member
    const { scientific } = namesOf(record)
    const named = scientific !== undefined && scientific !== label.name ? { ...bare, latin: scientific } : bare
    if (!found || this.#isForeign(record, dex)) return { ...named, fate: 'other', code: 'somebody_else' }
    return this.#ownRow({ ...named, record }, dex, found)
  }

  #ownRow(bare: Omit<PlanRow, 'fate'> & { record: OldRecord }, dex: OldDex, { identity, file }: IdentifiedRecord): PlanRow {
    const files = file === undefined ? [] : [file]
    const sameServer = dex.user === this.#input.account
    const met = this.#known.find(bare.record, identity, sameServer)
    const before = this.#planned.find(bare.record, identity, false)
    if (before) {
      // Of two that are one the picture of either will do.
      before.files = [...before.files, ...files]
      return { ...bare, fate: 'twice', code: 'twice' }
    }
    const row = this.#firstRow({ ...bare, files }, met, identity)
    this.#planned.add(row, identity.id, bare.record.entryId)
    return row
  }

  #firstRow(bare: Omit<PlanRow, 'fate'> & { record: OldRecord }, met: Met | undefined, { id }: Identity): PlanRow {
    if (!met) return { ...bare, entry: id, fate: 'new', notes: lacks(bare.record) }
    const entry = met.entry.id
    if (met.deleted) return { ...bare, entry, fate: 'deleted', code: 'deleted' }
    // Whether its picture is whole decides whether it gets one.
    if (met.entry.pictures === 0) return { ...bare, entry, fate: 'picture' }
    return { ...bare, entry, fate: 'here', code: 'here' }
  }
}

/**
 * What becomes of each record, in the order of the lists. The same lists and the same dex give the same plan, on any device. Rows of fate
 * `new` and `picture` wait for what `settlePicture` says of their files.
 */
export function planImport(input: PlanInput): PlanRow[] {
  const planner = new Planner(input)
  const all = input.dexes.flatMap((dex) => dex.members.map((member, i) => ({ dex, member, found: dex.identified[i] })))
  const rows = new Array<PlanRow>(all.length)
  const plan = (says: boolean) => {
    for (const [i, { dex, member, found }] of all.entries())
      if ((found?.identity.hasEntryId ?? false) === says) rows[i] = planner.row(dex, member, found)
  }
  // Those that know their entry first: the others are found by them.
  plan(true)
  plan(false)
  return rows
}

/**
 * Settles a row when its picture is known. @param code why it has none; undefined when it has one
 * @param changed the picture is whole, but not the one that the record says
 */
export function settlePicture(row: PlanRow, code: ImportCode | undefined, changed: boolean): PlanRow {
  if (row.fate === 'picture') {
    if (code) return { ...row, fate: 'here', code: 'here', files: [] }
    return { ...row, notes: changed ? ['picture_changed'] : [] }
  }
  const said: ImportCode[] = code ? [code] : changed ? ['picture_changed'] : []
  return { ...row, notes: [...row.notes, ...said] }
}
