import { nameKey } from '@biologidex/core/animals/names'
import type { Rows } from './rows.ts'

/** Numbers run from 1 without gaps or repeats, kept animals have one, and a name means one animal (check 4). */
export function* checkAnimals(rows: Rows): Iterable<string> {
  const animals = [...rows.animals.values()]
  const numbers = animals.flatMap(({ number }) => (number === null ? [] : [number])).sort((a, b) => a - b)
  if (numbers.some((number, at) => number !== at + 1)) yield `the numbers of animals are ${numbers.join(', ')}`
  if (numbers.length !== rows.lastNumber)
    yield `${numbers.length} animals have numbers, the counter stands at ${rows.lastNumber}`
  const names = new Map<string, string>()
  for (const { id, scientific_name: name } of animals) {
    const key = nameKey(name) ?? name
    const other = names.get(key)
    if (other) yield `${name} is there twice: ${other}, ${id}`
    names.set(key, id)
    if (rows.keys.get(key) !== id) yield `${name} is not found by its name`
  }
  for (const { id, animal_id: animal, deleted_at: deleted } of rows.entries.values()) {
    if (animal === null || deleted !== null) continue
    if (!rows.animals.get(animal)?.number) yield `the entry ${id} keeps an animal without a number`
  }
}
