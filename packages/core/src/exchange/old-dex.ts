import { LIMITS } from '../limits.ts'
import type { ImportCode } from './import-codes.ts'
import { type OldRecord, type ReadRecord, readRecord } from './old-record.ts'
import { salvage } from './salvage.ts'

/** A list of records as an older client kept it on disk: one person's dex. */
export interface OldDex {
  /** Path of its file, below the folder. */
  readonly path: string
  /** Whose it was on the server of that time; v1 files do not say. */
  readonly user?: string
  /** The user name that its records give to their owner most often. */
  readonly owner?: string
  readonly members: readonly ReadRecord[]
  /** What is to be said of the file as a whole. */
  readonly code?: ImportCode
}

const V2_NAME = /(?:^|\/)([^/]+?)_dex(?: ?\(\d+\))?\.json$/i
const V1_NAME = /(?:^|\/)dex_database(?: ?\(\d+\))?\.json$/i
const USER = /"user_id"\s*:\s*"([^"\\]{1,200})"/
const RECORDS = /"records"\s*:/

/** A file that may hold a list of records: by its ending alone, since people rename what they copy. What macOS puts beside files is none. */
export const mayBeDex = (path: string): boolean => /(?:^|\/)(?!\._)[^/]*\.json$/i.test(path)

const isNamedDex = (path: string): boolean => V1_NAME.test(path) || V2_NAME.test(path)

interface Member {
  readonly key: string
  readonly value?: unknown
}

interface Content {
  readonly user?: unknown
  readonly members: readonly Member[]
  readonly code?: ImportCode
}

const membersOf = (records: object): Member[] => Object.entries(records).map(([key, value]) => ({ key, value }))

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** What can be saved of a damaged file; undefined when it seems to have held no list. */
function salvaged(path: string, text: string): Content | undefined {
  const members = [...salvage(text)]
  if (!RECORDS.test(text) && !(isNamedDex(path) && members.length > 0)) return undefined
  return { user: USER.exec(text)?.[1], members, code: 'file_damaged' }
}

/** The list that a file holds; undefined when it holds none. */
function contentOf(path: string, text: string): Content | undefined {
  const json = parsed(text)
  if (json === undefined) return salvaged(path, text)
  const records = typeof json === 'object' && json !== null && 'records' in json ? json.records : undefined
  if (typeof records !== 'object' || records === null) {
    // Its own name may be what is damaged.
    const saved = isNamedDex(path) ? salvaged(path, text) : undefined
    return saved && saved.members.length > 0 ? saved : undefined
  }
  const user = (json as { user_id?: unknown }).user_id
  // Of a list the keys are places, not numbers.
  if (Array.isArray(records)) return { user, members: records.map((value: unknown) => ({ key: '', value })) }
  const members = membersOf(records)
  const saved = salvaged(path, text)
  // A key that damage made another's: the file can be read, and one of the two would be lost.
  return saved && saved.members.length > members.length ? saved : { user, members }
}

function readMembers(members: readonly Member[]): { read: ReadRecord[]; cut: boolean } {
  const read: ReadRecord[] = []
  for (const member of members) {
    if (read.length === LIMITS.importRecords) return { read, cut: true }
    const { key, value } = member
    const place = key === '' ? String(read.length + 1) : key
    read.push('value' in member ? readRecord(value, key, place) : { label: { place }, code: 'record_damaged' })
  }
  return { read, cut: false }
}

/** What most of them say; undefined when none says anything. */
function commonest(said: readonly string[]): string | undefined {
  const counts = new Map<string, number>()
  for (const one of said) counts.set(one, (counts.get(one) ?? 0) + 1)
  return [...counts].sort(([, a], [, b]) => b - a)[0]?.[0]
}

/** The records that were read. */
export const recordsOf = (members: readonly ReadRecord[]): OldRecord[] =>
  members.flatMap((member) => ('record' in member ? [member.record] : []))

const plainUser = (user: unknown): string | undefined =>
  typeof user === 'string' && user.length <= 200 ? user.trim().toLowerCase() || undefined : undefined

/**
 * Reads a JSON file of an older client: `{records: [...]}` or `{records: {number: record}}`, with `user_id` since v2. Of a damaged one, what
 * is whole. Undefined: another file of that client, or of anybody.
 */
export function readOldDex(path: string, text: string): OldDex | undefined {
  const content = contentOf(path, text.replace(/^\ufeff/, ''))
  if (!content) return isNamedDex(path) ? { path, members: [], code: 'file_not_understood' } : undefined
  const { read, cut } = readMembers(content.members)
  const user = plainUser(content.user) ?? (V1_NAME.test(path) ? undefined : plainUser(V2_NAME.exec(path)?.[1]))
  const owner = commonest(recordsOf(read).flatMap((record) => record.owner ?? []))
  const code = cut ? 'too_many_records' : content.code
  return { path, members: read, ...(user ? { user } : {}), ...(owner ? { owner } : {}), ...(code ? { code } : {}) }
}
