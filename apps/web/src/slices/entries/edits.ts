import type { Draft } from '@biologidex/client/face'
import type { Visibility } from '@biologidex/core/entries/entry'
import type { Observed } from '@biologidex/core/entries/observed'
import type { Place } from '@biologidex/core/entries/place'
import { type Json, same } from '@biologidex/core/json'
import type { FieldChange } from '@biologidex/core/sync/mutation'
import type { EntryOnScreen } from '@biologidex/core/sync/overlay'

/** What may be edited by hand; the animal and the pictures change in ways of their own. `null` clears. */
export interface Edit {
  readonly observed?: Observed | null
  readonly place?: Place | null
  /** Id of the outing it belongs to. */
  readonly outing?: string | null
  readonly count?: number | null
  readonly captive?: boolean
  readonly note?: string
  readonly privateNote?: string
  readonly visibility?: Visibility
  readonly favourite?: boolean
}

/** Unset, false and empty are one value, written as null; so is what a text has around it. */
function plain(value: unknown): Json {
  const trimmed = typeof value === 'string' ? value.trim() : value
  return trimmed === undefined || trimmed === false || trimmed === '' ? null : (trimmed as Json)
}

/** The change that leads from the entry on screen to the edit, with exactly the fields that differ (O4); undefined when none does. */
export function editDraft(entry: EntryOnScreen, edit: Edit): Draft | undefined {
  const set: Record<string, FieldChange> = {}
  for (const [field, value] of Object.entries(edit)) {
    const was = plain(entry[field as keyof Edit])
    const to = plain(value)
    if (!same(was, to)) set[field] = { was, to }
  }
  return Object.keys(set).length > 0 ? { type: 'entry', id: entry.id, op: 'update', set } : undefined
}
