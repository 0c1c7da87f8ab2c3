import type { Draft } from '@biologidex/client/face'
import type { ConflictItem } from '@biologidex/core/entries/entry'
import { type Json, same } from '@biologidex/core/json'
import { LIMITS } from '@biologidex/core/limits'
import { subjectOfClash } from '@biologidex/core/sync/merge'
import type { MutationType } from '@biologidex/core/sync/mutation'
import type { EntryOnScreen, OutingOnScreen } from '@biologidex/core/sync/overlay'
import { animalRefOf } from './drafts.ts'

/** What a person may choose of a clash: the value that stands, the one that lost, or of two texts both. */
export type Resolution = 'stands' | 'lost' | 'both'

const TEXTS = new Set(['note', 'privateNote', 'alt'])

/** The clashes of one entry, the oldest first. */
export function conflictsOf(conflicts: ReadonlyMap<string, ConflictItem>, entry: string): ConflictItem[] {
  return [...conflicts.values()].filter((conflict) => conflict.entry === entry).sort((a, b) => a.at - b.at)
}

/** Where the present value of what clashed is looked up. */
export interface Present {
  readonly entries: ReadonlyMap<string, EntryOnScreen>
  readonly outings: ReadonlyMap<string, OutingOnScreen>
  readonly profile: object | undefined
}

const memberOf = (thing: object, field: string): Json => {
  const value: unknown = Object.entries(thing).find(([name]) => name === field)?.[1]
  return value === undefined ? null : (value as Json)
}

/**
 * What the field is now: it may have been edited since the clash, and a choice must not undo that unseen. Undefined: the thing
 * itself is no longer here.
 */
export function currentValue(conflict: ConflictItem, { entries, outings, profile }: Present): Json | undefined {
  const { type, id, field } = subjectOfClash(conflict)
  const entry = entries.get(conflict.entry)
  if (type === 'entry' && entry && field === 'animal') return animalRefOf(entry)
  const image = entry?.images?.find((part) => part.id === id)
  const things: Partial<Record<MutationType, object | undefined>> = { entry, outing: outings.get(id), setting: profile, image }
  const thing = things[type]
  return thing && memberOf(thing, field)
}

/** Both texts, one after the other; undefined where the clash is not one of two texts, or they are too long together. */
export function bothTexts(conflict: ConflictItem, current: Json | undefined): string | undefined {
  const { field } = subjectOfClash(conflict)
  const { lost } = conflict
  if (!TEXTS.has(field) || typeof lost !== 'string' || typeof current !== 'string') return undefined
  const both = `${current}\n\n${lost}`
  return both.length <= LIMITS.noteChars ? both : undefined
}

/**
 * Carries out a choice: the clash goes, and what it was about changes where something else than the present value was chosen.
 * @param current the present value; undefined when the thing is no longer here
 */
export function resolveDrafts(conflict: ConflictItem, current: Json | undefined, resolution: Resolution): Draft[] {
  const settled: Draft = { type: 'conflict', id: conflict.id, op: 'delete' }
  const to = (resolution === 'both' && bothTexts(conflict, current)) || conflict.lost
  if (resolution === 'stands' || current === undefined || same(current, to)) return [settled]
  const { type, id, field } = subjectOfClash(conflict)
  return [{ type, id, op: 'update', set: { [field]: { was: current, to } } }, settled]
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
