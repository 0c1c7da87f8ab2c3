import type { Visibility } from '@biologidex/core/entries/entry'
import type { Observed } from '@biologidex/core/entries/observed'
import type { Place } from '@biologidex/core/entries/place'
import type { EntryOnScreen } from '@biologidex/core/sync/overlay'
import type { AnimalChoice } from '../animals/choice.ts'
import { countOf } from './counts.ts'
import type { Edit } from './edits.ts'
import type { OutingChoice } from './outings.ts'
import type { SightingFields } from './sighting-fields.tsx'

/** The fields of the edit form as they stand; `count` as it is typed. */
export interface EditFields extends SightingFields {
  readonly choice: AnimalChoice
  readonly observed: Observed | undefined
  readonly place: Place | undefined
  readonly outing: OutingChoice
  readonly visibility: Visibility
}

export function fieldsOfEntry(entry: EntryOnScreen, choice: AnimalChoice, outing: OutingChoice): EditFields {
  const { observed, place, count, captive, note, privateNote, visibility } = entry
  return {
    choice,
    observed,
    place,
    outing,
    count: count === undefined ? '' : String(count),
    captive: captive === true,
    note: note ?? '',
    privateNote: privateNote ?? '',
    visibility,
  }
}

/** The edit that the form says, but for the outing, which may have to be made; undefined while a field of it is wrong. */
export function editOf(fields: EditFields): Edit | undefined {
  const count = countOf(fields.count)
  if (count === undefined) return undefined
  const { observed = null, place = null, captive, note, privateNote, visibility } = fields
  return { observed, place, count, captive, note, privateNote, visibility }
}
