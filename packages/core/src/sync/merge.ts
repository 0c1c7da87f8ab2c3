import { type ConflictItem, narrower } from '../entries/entry.ts'
import { coarser } from '../entries/place.ts'
import { type Json, same } from '../json.ts'
import type { MutationType } from './mutation.ts'

export type Merged =
  | { readonly kind: 'taken'; readonly value: Json }
  | { readonly kind: 'same' }
  | { readonly kind: 'conflict'; readonly stands: Json; readonly lost: Json }

/** The change `false` of a flag and `''` of a text are written as absent: all of them are one value. */
const blank = (value: unknown): boolean => value === undefined || value === null || value === false || value === ''
const equal = (a: unknown, b: unknown): boolean => (blank(a) && blank(b)) || same(a, b)

/** Fields of which the value that shows less stands, so that nobody is asked: visibilities and precisions. */
const SAFER: Readonly<Record<string, (a: never, b: never) => string>> = {
  visibility: narrower,
  friendsPrecision: coarser,
  publicPrecision: coarser,
}

/**
 * Merges one field (O4): the server has what the device saw, so the change is taken; or it has the wanted value
 * already; else the server's value stands and the other is lost to a conflict. Of two visibilities the narrower stands, of two
 * precisions the coarser.
 */
export function mergeField(field: string, current: Json | undefined, was: Json | undefined, to: Json): Merged {
  if (equal(current, to)) return { kind: 'same' }
  if (equal(current, was)) return { kind: 'taken', value: to }
  const safer = SAFER[field]
  if (safer) {
    const value = safer(current as never, to as never)
    return value === current ? { kind: 'same' } : { kind: 'taken', value }
  }
  return { kind: 'conflict', stands: current ?? null, lost: to }
}

/** Applies a list's change by ids: removed first, then added where absent, so that doing it twice changes nothing. */
export function mergeList<T extends { id: string }>(
  list: readonly T[],
  add: readonly T[] = [],
  remove: readonly string[] = [],
): T[] {
  const kept = list.filter((item) => !remove.includes(item.id))
  const known = new Set(kept.map((item) => item.id))
  return [...kept, ...add.filter((item) => !known.has(item.id) && !remove.includes(item.id))]
}

/** What a mutation has to change so that a clash is settled otherwise. */
export interface ClashSubject {
  readonly type: Exclude<MutationType, 'conflict'>
  readonly id: string
  readonly field: string
}

/**
 * What a clash is about. Its `field` says it where that is not a field of the entry: `image/<id>/alt`, `outing/<id>/name`, or a
 * setting, whose `entry` is the account.
 */
export function subjectOfClash({ entry, field }: Pick<ConflictItem, 'entry' | 'field'>): ClashSubject {
  const [type, id, part] = field.split('/')
  if (id && part && (type === 'image' || type === 'outing')) return { type, id, field: part }
  const isSetting = field === 'displayName' || field === 'bio'
  return { type: isSetting ? 'setting' : 'entry', id: entry, field }
}
