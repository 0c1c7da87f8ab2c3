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

/** A file that may hold a list of records: by its ending alone, since people rename what they copy. */
export const mayBeDex = (path: string): boolean => /\.json$/i.test(path)

const isNamedDex = (path: string): boolean => V1_NAME.test(path) || V2_NAME.test(path)

interface Member {
  readonly key: string
  readonly value?: unknown
}

interface Content {
  readonly user?: unknown
  readonly members: Iterable<Member>
  readonly code?: ImportCode
}

const membersOf = (records: object): Member[] => Object.entries(records).map(([key, value]) => ({ key, value }))

/** The list that a file holds; undefined when it holds none. */
function contentOf(text: string): Content | undefined {
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch {
    if (!RECORDS.test(text)) return undefined
    return { user: USER.exec(text)?.[1], members: salvage(text), code: 'file_damaged' }
  }
  if (typeof json !== 'object' || json === null || !('records' in json)) return undefined
  const { records } = json
  if (typeof records !== 'object' || records === null) return undefined
  // Of a list the keys are places, not numbers.
  const members = Array.isArray(records) ? records.map((value: unknown) => ({ key: '', value })) : membersOf(records)
  return { members, ...('user_id' in json ? { user: json.user_id } : {}) }
}

function readMembers(members: Iterable<Member>): { read: ReadRecord[]; cut: boolean } {
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
  const content = contentOf(text.replace(/^\ufeff/, ''))
  if (!content) return isNamedDex(path) ? { path, members: [], code: 'file_not_understood' } : undefined
  const { read, cut } = readMembers(content.members)
  const user = plainUser(content.user) ?? (V1_NAME.test(path) ? undefined : plainUser(V2_NAME.exec(path)?.[1]))
  const owner = commonest(recordsOf(read).flatMap((record) => record.owner ?? []))
  const code = cut ? 'too_many_records' : content.code
  return { path, members: read, ...(user ? { user } : {}), ...(owner ? { owner } : {}), ...(code ? { code } : {}) }
}
