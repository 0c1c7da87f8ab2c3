import type { AnimalItem } from '@biologidex/core/animals/animal'
import type { EntryOnScreen } from '@biologidex/core/sync/overlay'
import { type AnimalChoice, choiceKey } from './choice.ts'

/** An animal that was kept lately, with the entry whose picture stands for it. */
export interface Recent {
  readonly choice: AnimalChoice
  readonly entry: EntryOnScreen
}

function choiceOf(entry: EntryOnScreen, animal: (id: string) => AnimalItem | undefined): AnimalChoice | undefined {
  if (entry.typedAnimal) return { kind: 'typed', ...entry.typedAnimal }
  const known = entry.animal === undefined ? undefined : animal(entry.animal)
  return known && { kind: 'known', animal: known }
}

/** The animals kept last, each once, the latest first. */
export function recentAnimals(
  entries: Iterable<EntryOnScreen>,
  animal: (id: string) => AnimalItem | undefined,
  limit: number,
): Recent[] {
  const found = new Map<string, Recent>()
  const latest = [...entries].sort((a, b) => b.created - a.created || (a.id < b.id ? -1 : 1))
  for (const entry of latest) {
    if (found.size >= limit) break
    const choice = choiceOf(entry, animal)
    if (choice && !found.has(choiceKey(choice))) found.set(choiceKey(choice), { choice, entry })
  }
  return [...found.values()]
}

/** How often each animal was kept: what a search puts first among equals. */
export function timesKept(entries: Iterable<EntryOnScreen>): ReadonlyMap<string, number> {
  const times = new Map<string, number>()
  for (const { animal } of entries) if (animal !== undefined) times.set(animal, (times.get(animal) ?? 0) + 1)
  return times
}
