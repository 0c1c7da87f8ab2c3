import type { AnimalItem } from '@biologidex/core/animals/animal'
import type { EntryOnScreen } from '@biologidex/core/sync/overlay'
import { type AnimalChoice, choiceKey } from './choice.ts'

/** An animal of one's own dex: how to choose it, how often it was kept, and the latest entry of it. */
export interface Kept {
  readonly choice: AnimalChoice
  readonly times: number
  readonly latest: EntryOnScreen
}

/** What an entry says its animal is; undefined when it says none, or its record is not here. */
export function choiceOf(entry: EntryOnScreen, animal: (id: string) => AnimalItem | undefined): AnimalChoice | undefined {
  if (entry.typedAnimal) return { kind: 'typed', ...entry.typedAnimal }
  const known = entry.animal === undefined ? undefined : animal(entry.animal)
  return known && { kind: 'known', animal: known }
}

const later = (a: EntryOnScreen, b: EntryOnScreen): boolean => a.created > b.created || (a.created === b.created && a.id < b.id)

/** The animals of a dex by the key of their choice, the one kept last first. */
export function keptAnimals(
  entries: Iterable<EntryOnScreen>,
  animal: (id: string) => AnimalItem | undefined,
): ReadonlyMap<string, Kept> {
  const kept = new Map<string, Kept>()
  for (const entry of entries) {
    const choice = choiceOf(entry, animal)
    if (!choice) continue
    const key = choiceKey(choice)
    const known = kept.get(key)
    const latest = known && !later(entry, known.latest) ? known.latest : entry
    kept.set(key, { choice: known?.choice ?? choice, times: (known?.times ?? 0) + 1, latest })
  }
  return new Map([...kept].sort(([, a], [, b]) => (later(a.latest, b.latest) ? -1 : 1)))
}
