import type { Visibility } from '@biologidex/core/entries/entry'
import type { Observed } from '@biologidex/core/entries/observed'
import type { Place } from '@biologidex/core/entries/place'
import { LIMITS } from '@biologidex/core/limits'
import type { EntryOnScreen } from '@biologidex/core/sync/overlay'
import type { AnimalChoice } from '../animals/choice.ts'
import type { Edit } from './edits.ts'

/** The fields of the edit form as they stand; `count` as it is typed. */
export interface EditFields {
  readonly choice: AnimalChoice
  readonly observed: Observed | undefined
  readonly place: Place | undefined
  readonly count: string
  readonly captive: boolean
  readonly note: string
  readonly privateNote: string
  readonly visibility: Visibility
}

export function fieldsOfEntry(entry: EntryOnScreen, choice: AnimalChoice): EditFields {
  const { observed, place, count, captive, note, privateNote, visibility } = entry
  return {
    choice,
    observed,
    place,
    count: count === undefined ? '' : String(count),
    captive: captive === true,
    note: note ?? '',
    privateNote: privateNote ?? '',
    visibility,
  }
}

/** The count that was typed; null for none, undefined for what is no count. */
export function countOf(text: string): number | null | undefined {
  const typed = text.trim()
  if (!typed) return null
  const count = /^\d+$/.test(typed) ? Number(typed) : 0
  return count >= 1 && count <= LIMITS.count ? count : undefined
}

/** The edit that the form says; undefined while a field of it is wrong. */
export function editOf(fields: EditFields): Edit | undefined {
  const count = countOf(fields.count)
  if (count === undefined) return undefined
  const { observed = null, place = null, captive, note, privateNote, visibility } = fields
  return { observed, place, count, captive, note, privateNote, visibility }
}
