import { scientificName } from '../animals/names.ts'
import type { Observed } from '../entries/observed.ts'
import { LIMITS } from '../limits.ts'
import { readTime, toObserved } from '../v1/times.ts'
import type { ImportCode } from './import-codes.ts'

/** A record of an older client's dex, as far as it says anything that is still understood. */
export interface OldRecord {
  /** Its number on the server of that time: part of what tells records apart, and nothing else today. */
  readonly index?: number
  readonly scientificName?: string
  readonly commonName?: string
  /** The entry's public id on the server it came from, in lower case. */
  readonly entryId?: string
  readonly owner?: string
  readonly observed?: Observed
  /** When the record was written, in UTC milliseconds: nothing is known by it of when the animal was met. */
  readonly written?: number
  readonly favourite?: true
  /** SHA-256 of its picture, in lower case. */
  readonly checksum?: string
  /** Where its picture came from; its file was named by the SHA-256 of this text. */
  readonly url?: string
  /** Where its picture lay on the old device. */
  readonly path?: string
}

/** What an animal is called, or else where its record stood: the number that it had as its key, or which one of the list it was. */
export interface Label {
  readonly name?: string
  readonly place: string
}

/** What was read of one member of a list of records: a record, or why it is none. */
export type ReadRecord =
  | { readonly label: Label; readonly record: OldRecord }
  | { readonly label: Label; readonly code: ImportCode }

const MOST_PATH_CHARS = 4_000
/** What a decoder puts where bytes are no text, and what no text holds. */
const BROKEN = /[\p{Cc}\ufffd]/u
const ENTRY_ID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/
const CHECKSUM = /^[0-9a-f]{64}$/
/** Names that say that there is none. */
const NO_NAME = /^(?:unknown|unidentified|none|null|nil|n\/a|[^\p{L}]*)$/iu

const isSound = (value: unknown, most: number): value is string =>
  typeof value === 'string' && value.length <= most && !BROKEN.test(value)

/** A text that the record can do without: one that is damaged counts as none. */
const textOf = (value: unknown, most: number): string | undefined => (isSound(value, most) && value.trim()) || undefined

/** True for a name that is not what was written once: it may be another animal's by now. */
const isDamaged = (value: unknown): boolean => value !== undefined && value !== null && !isSound(value, LIMITS.nameChars)

function nameOf(value: unknown): string | undefined {
  const name = textOf(value, LIMITS.nameChars)
  return name === undefined || NO_NAME.test(name) ? undefined : name
}

/** The number, which JSON made a text where it is a key, and older writers a fraction: `12`, `"12"`, `12.0`. */
function indexOf(value: unknown): number | undefined {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value
  return Number.isSafeInteger(number) && (number as number) >= 0 ? (number as number) : undefined
}

/** When it was met. A midnight of UTC, or of nowhere, is a day of which no more is known; what is no date, none: an unknown one is better than a false one. */
function observedOf(value: unknown): Observed | undefined {
  const time = typeof value === 'string' ? readTime(value.trim()) : undefined
  if (!time) return undefined
  const observed = toObserved(time)
  return !observed.zone && time.at % 86_400_000 === 0 ? { at: observed.at.slice(0, 10) } : observed
}

/** What other things than records say too. */
const SAYS_NOTHING: ReadonlySet<string> = new Set(['index', 'owner', 'written'])

const matching = (value: unknown, form: RegExp): string | undefined => {
  const text = typeof value === 'string' ? value.trim().toLowerCase() : ''
  return form.test(text) ? text : undefined
}

const present = <T extends object>(fields: T): Partial<T> =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Partial<T>

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

function fieldsOf(raw: Record<string, unknown>, key: string): OldRecord {
  return present({
    index: indexOf(raw.creation_index) ?? indexOf(key),
    scientificName: nameOf(raw.scientific_name),
    commonName: nameOf(raw.common_name),
    entryId: matching(raw.dex_entry_id, ENTRY_ID),
    owner: textOf(raw.owner_username, LIMITS.nameChars),
    observed: observedOf(raw.catch_date),
    written: typeof raw.updated_at === 'string' ? readTime(raw.updated_at.trim())?.at : undefined,
    favourite: raw.is_favorite === true ? (true as const) : undefined,
    checksum: matching(raw.image_checksum, CHECKSUM),
    url: textOf(raw.dex_compatible_url, MOST_PATH_CHARS),
    path: textOf(raw.cached_image_path, MOST_PATH_CHARS),
  }) as OldRecord
}

/**
 * Reads one member of a list of records. What is not known is left alone, what is damaged counts as not said; but a record whose
 * animal's name is damaged is damaged itself.
 * @param key under which it stood, when the list had keys
 * @param place where it stood
 */
export function readRecord(raw: unknown, key: string, place: string): ReadRecord {
  if (!isObject(raw)) return { label: { place }, code: 'record_not_understood' }
  const record = fieldsOf(raw, key)
  const name = record.commonName ?? record.scientificName
  const label = { ...(name === undefined ? {} : { name }), place }
  if (isDamaged(raw.scientific_name) || (!record.scientificName && isDamaged(raw.common_name)))
    return { label, code: 'record_damaged' }
  if (Object.keys(record).every((field) => SAYS_NOTHING.has(field))) return { label, code: 'record_not_understood' }
  const hasPicture = record.url ?? record.path ?? record.checksum
  if (!record.scientificName && !record.commonName && !hasPicture) return { label, code: 'record_empty' }
  return { label, record }
}

/** What is known of its animal: a scientific name that can be one, else what it was called. */
export function namesOf({ scientificName: said, commonName }: OldRecord): {
  readonly scientific?: string
  readonly called?: string
} {
  const scientific = said === undefined ? undefined : scientificName(said)
  const called = commonName ?? (scientific === undefined ? said : undefined)
  return present({ scientific, called })
}
