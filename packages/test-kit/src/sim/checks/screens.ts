import type { AnimalItem, Names } from '@biologidex/core/animals/animal'
import { canonical } from '@biologidex/core/json'
import type { EntryOnScreen } from '@biologidex/core/sync/overlay'
import type { AnimalsTable } from '@biologidex/server/db/tables'
import { toAnimalItem } from '@biologidex/server/slices/animals/animals.store'
import type { SimDevice } from '../device.ts'
import { projected } from './projected.ts'
import type { Rows } from './rows.ts'

type Screen = ReadonlyMap<string, string>

/** What a device shows: each thing by its key, as canonical text. */
function screenOf(device: SimDevice): Screen {
  const screen = new Map<string, string>()
  const { dex } = device.program ?? {}
  for (const { pending, ...entry } of dex?.entries.values() ?? []) {
    screen.set(`entry/${entry.id}`, canonical(pending ? { ...entry, pending } : entry))
    const animal = entry.animal === undefined ? undefined : dex?.animal(entry.animal)
    if (entry.animal !== undefined) screen.set(`animal/${entry.animal}`, canonical(animal))
  }
  for (const { id, entry, deleted, pending } of dex?.trash.values() ?? []) {
    const { pending: _, ...plain } = entry
    screen.set(`trash/${id}`, canonical({ type: 'trash', id, entry: plain, deleted, ...(pending ? { pending } : {}) }))
  }
  for (const conflict of dex?.conflicts.values() ?? []) screen.set(`conflict/${conflict.id}`, canonical(conflict))
  if (dex?.profile) screen.set(`profile/${dex.profile.id}`, canonical(dex.profile))
  return screen
}

/** What the latest entry of an animal calls it, where it has no name. */
function calledBy({ entries }: Rows, { id, record }: AnimalsTable): Pick<AnimalItem, 'names'> {
  if (record.includes('"names":{"')) return {}
  const called = [...entries.values()].filter((row) => row.animal_id === id && row.called_animal === id)
  const live = called.filter((row) => row.deleted_at === null)
  const [latest] = (live.length > 0 ? live : called).sort((a, b) => b.created_at - a.created_at || (a.id < b.id ? 1 : -1))
  return latest?.called ? { names: JSON.parse(latest.called) as Names } : {}
}

/** What every device ought to show. */
function meantBy(rows: Rows): Screen {
  const screen = new Map<string, string>()
  for (const [key, item] of projected(rows, 'owner')) {
    screen.set(key, canonical(item))
    const row = rows.animals.get((item as Partial<EntryOnScreen>).animal ?? '')
    if (row) screen.set(`animal/${row.id}`, canonical({ ...toAnimalItem(row, row.number), ...calledBy(rows, row) }))
  }
  return screen
}

/** All devices show the same, and it is what the server's rows say (check 1). */
export function* checkScreens(devices: readonly SimDevice[], rows: Rows): Iterable<string> {
  const meant = meantBy(rows)
  for (const device of devices) {
    const screen = screenOf(device)
    if (!device.program?.dex.complete) yield `${device.name} has not got the whole dex`
    for (const key of new Set([...meant.keys(), ...screen.keys()])) {
      if (meant.get(key) === screen.get(key)) continue
      yield `${device.name} shows ${key} as ${screen.get(key) ?? 'nothing'}; the server has ${meant.get(key) ?? 'nothing'}`
    }
  }
}
