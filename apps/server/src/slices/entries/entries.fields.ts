import { drawArea, type Place, sameSpot } from '@biologidex/core/entries/place'
import type { Json } from '@biologidex/core/json'
import { type EntryField } from '@biologidex/core/sync/mutation'
import type { EntriesTable } from '../../db/tables.ts'
import type { Random } from '../../random.ts'

/** How a field of a mutation lies in the row. `animal` is by id here; the service resolves names before. */
export interface FieldAccess {
  get(row: EntriesTable): Json
  /** @param random what is drawn with it comes from there */
  set(row: EntriesTable, value: Json, random: Random): void
}

type TextColumn = 'animal_id' | 'outing_id' | 'note' | 'private_note' | 'primary_image'

const text = (column: TextColumn): FieldAccess => ({
  get: (row) => row[column],
  set: (row, value) => {
    row[column] = (value as string | null) || null
  },
})

const flag = (column: 'captive' | 'favourite'): FieldAccess => ({
  get: (row) => row[column] === 1,
  set: (row, value) => {
    row[column] = value === true ? 1 : 0
  },
})

const json = (column: 'observed' | 'customizations'): FieldAccess => ({
  get: (row) => (row[column] === null ? null : (JSON.parse(row[column]) as Json)),
  set: (row, value) => {
    row[column] = value === null ? null : JSON.stringify(value)
  },
})

const place: FieldAccess = {
  get: (row) => (row.place === null ? null : (JSON.parse(row.place) as Json)),
  set: (row, value, random) => {
    const next = value as Place | null
    const before = row.place === null ? null : (JSON.parse(row.place) as Place)
    row.place = next === null ? null : JSON.stringify(next)
    // Drawn once for a true place: drawing again at each edit would let an observer average the truth out.
    if (next === null) row.area = null
    else if (row.area === null || !sameSpot(before, next)) row.area = JSON.stringify(drawArea(next, () => random.fraction()))
  },
}

export const FIELDS: Record<EntryField, FieldAccess> = {
  animal: text('animal_id'),
  observed: json('observed'),
  place,
  outing: text('outing_id'),
  count: {
    get: (row) => row.count,
    set: (row, value) => {
      row.count = value as number | null
    },
  },
  captive: flag('captive'),
  note: text('note'),
  privateNote: text('private_note'),
  visibility: {
    // A row that is being made has none yet: whatever is asked for is taken.
    get: (row) => row.visibility || null,
    set: (row, value) => {
      row.visibility = value as string
    },
  },
  favourite: flag('favourite'),
  primaryImage: text('primary_image'),
  customizations: json('customizations'),
}
