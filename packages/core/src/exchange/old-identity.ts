import { nameKey } from '../animals/names.ts'
import { namesOf, type OldRecord } from './old-record.ts'

/** SHA-256 of a text's UTF-8 bytes, in lower-case hexadecimal. */
export type Digest = (text: string) => Promise<string>

/**
 * Who a record is, whichever device reads it: ids that are the same each time. The first twelve digits come from the animal and its number
 * alone, which every version of the format has; the rest from the entry's own id, where a later version wrote it. So a
 * record without it is known by its head, one whose animal was renamed since by its tail.
 */
export interface Identity {
  /** Id of the entry that the record becomes. */
  readonly id: string
  /** Id that it has where the entry's own id is not known: the same as `id` when the record does not say it. */
  readonly bare: string
  readonly hasEntryId: boolean
}

const HEAD_DIGITS = 12

/** A UUID of version 4 by its form, of 32 hexadecimal digits. */
function toUuid(hex: string): string {
  const variant = ((Number.parseInt(hex[16] ?? '0', 16) & 3) | 8).toString(16)
  return [hex.slice(0, 8), hex.slice(8, 12), `4${hex.slice(13, 16)}`, variant + hex.slice(17, 20), hex.slice(20, 32)].join('-')
}

/** What all ids of one animal under one number begin with. */
export const headOf = (id: string): string => id.slice(0, 13)
/** What all ids of one entry of the old server end with, whatever its animal is called. */
export const tailOf = (id: string): string => id.slice(14)

function placeOf(record: OldRecord): string {
  const { scientific, called } = namesOf(record)
  const name = (scientific && nameKey(scientific)) ?? called?.normalize('NFKC').toLowerCase() ?? null
  const picture = record.checksum ?? record.url ?? record.path ?? null
  // One number was one animal. Without it only the picture tells two sightings of an animal apart.
  return JSON.stringify(
    record.index === undefined || name === null ? [record.index ?? null, name, picture] : [record.index, name],
  )
}

/** @param account whose dex the record is to come into: another person's import of the same file is another entry */
export async function identify(record: OldRecord, account: string, digest: Digest): Promise<Identity> {
  const place = placeOf(record)
  const head = (await digest(JSON.stringify(['godot animal', account, place]))).slice(0, HEAD_DIGITS)
  const own = async (what: string): Promise<string> => toUuid(head + (await digest(what)).slice(HEAD_DIGITS))
  const bare = await own(JSON.stringify(['godot record', account, place]))
  if (!record.entryId) return { id: bare, bare, hasEntryId: false }
  return { id: await own(JSON.stringify(['godot entry', account, record.entryId])), bare, hasEntryId: true }
}

/** Id of the picture of an entry: the same bytes are the same picture, on every device. */
export async function pictureId(entry: string, sha256: string, digest: Digest): Promise<string> {
  return toUuid(await digest(JSON.stringify(['godot picture', entry, sha256])))
}
