import type { EntryOnScreen } from '@biologidex/core/sync/overlay'

/** Which sighting of its animal an entry is: the `k`th of `n`, by when they were seen. */
export interface Sighting {
  readonly k: number
  readonly n: number
}

const seenAt = ({ observed, created }: EntryOnScreen): string => observed?.at ?? new Date(created).toISOString().slice(0, 16)

function before(a: EntryOnScreen, b: EntryOnScreen): boolean {
  const [x, y] = [seenAt(a), seenAt(b)]
  if (x !== y) return x < y
  return a.created === b.created ? a.id < b.id : a.created < b.created
}

const isOf = (entry: EntryOnScreen, other: EntryOnScreen): boolean =>
  entry.animal
    ? other.animal === entry.animal
    : entry.typedAnimal !== undefined && other.typedAnimal?.scientificName === entry.typedAnimal.scientificName

/** Counts the sightings of an entry's animal; undefined while it has none. */
export function sightingOf(entry: EntryOnScreen, entries: Iterable<EntryOnScreen>): Sighting | undefined {
  if (!entry.animal && !entry.typedAnimal) return undefined
  let [k, n] = [1, 0]
  for (const other of entries) {
    if (!isOf(entry, other)) continue
    n += 1
    if (other.id !== entry.id && before(other, entry)) k += 1
  }
  return { k, n }
}
