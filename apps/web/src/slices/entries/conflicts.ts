import type { Draft } from '@biologidex/client/face'
import type { ConflictItem } from '@biologidex/core/entries/entry'
import { type Json, same } from '@biologidex/core/json'
import type { EntryOnScreen } from '@biologidex/core/sync/overlay'
import { animalRefOf } from './drafts.ts'

/** What a person may choose of a clash: the value that stands, the one that lost, or of two texts both. */
export type Resolution = 'stands' | 'lost' | 'both'

const TEXTS = new Set(['note', 'privateNote'])

/** The clashes of one entry, the oldest first. */
export function conflictsOf(conflicts: ReadonlyMap<string, ConflictItem>, entry: string): ConflictItem[] {
  return [...conflicts.values()].filter((conflict) => conflict.entry === entry).sort((a, b) => a.at - b.at)
}

/** What the field is now: it may have been edited since the clash, and a choice must not undo that unseen. */
export function currentValue(entry: EntryOnScreen, field: string): Json {
  if (field === 'animal') return animalRefOf(entry)
  const value: unknown = Object.entries(entry).find(([name]) => name === field)?.[1]
  return value === undefined ? null : (value as Json)
}

/** Both texts, one after the other; undefined where the clash is not one of two texts. */
export function bothTexts({ field, lost }: ConflictItem, current: Json): string | undefined {
  const areTexts = TEXTS.has(field) && typeof lost === 'string' && typeof current === 'string'
  return areTexts ? `${current}\n\n${lost}` : undefined
}

/** Carries out a choice: the clash goes, and the entry changes where something else than the present value was chosen. */
export function resolveDrafts(conflict: ConflictItem, entry: EntryOnScreen, resolution: Resolution): Draft[] {
  const { id, field, lost } = conflict
  const settled: Draft = { type: 'conflict', id, op: 'delete' }
  const was = currentValue(entry, field)
  const to = (resolution === 'both' && bothTexts(conflict, was)) || lost
  if (resolution === 'stands' || same(was, to)) return [settled]
  return [{ type: 'entry', id: entry.id, op: 'update', set: { [field]: { was, to } } }, settled]
}

/** A text in three parts; `middle` is where it differs from the other one. */
export interface Marked {
  readonly before: string
  readonly middle: string
  readonly after: string
}

/** Where two texts differ, by whole words, so that the difference can be underlined in both. */
export function difference(a: string, b: string): readonly [Marked, Marked] {
  const [x, y] = [a.split(/(?<=\s)/), b.split(/(?<=\s)/)]
  const shorter = Math.min(x.length, y.length)
  let start = 0
  while (start < shorter && x[start] === y[start]) start += 1
  let end = 0
  while (end < shorter - start && x.at(-1 - end) === y.at(-1 - end)) end += 1
  const mark = (words: readonly string[]): Marked => ({
    before: words.slice(0, start).join(''),
    middle: words.slice(start, words.length - end).join(''),
    after: words.slice(words.length - end).join(''),
  })
  return [mark(x), mark(y)]
}
