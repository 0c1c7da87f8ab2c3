import type { Draft } from '@biologidex/client/face'
import type { Identification, Revision } from '@biologidex/core/entries/entry'
import { type Json, same } from '@biologidex/core/json'
import { LIMITS } from '@biologidex/core/limits'
import { ENTRY_FIELDS, type FieldChange } from '@biologidex/core/sync/mutation'
import type { EntryOnScreen } from '@biologidex/core/sync/overlay'
import { animalRefOf, type Saying } from './drafts.ts'

const RESTORE_MS = LIMITS.restoreDays * 24 * 60 * 60 * 1000

/** What each field that was changed after a revision had been until then, and when it was changed first. */
type Then = ReadonlyMap<string, { readonly value: Json; readonly at: number }>

/** @param later revisions after the one to go back to, latest first */
function stateBefore(later: readonly Revision[]): Then {
  const then = new Map<string, { value: Json; at: number }>()
  for (const { changes, at } of later) {
    // Each older change says better what was there before.
    for (const change of changes) if ('field' in change) then.set(change.field, { value: change.was, at })
  }
  return then
}

const unset = (value: Json): Json => (value === false || value === '' ? null : value)

const now = (entry: EntryOnScreen, field: string): Json => {
  const value: unknown = Object.entries(entry).find(([name]) => name === field)?.[1]
  return value === undefined ? null : unset(value as Json)
}

function plainFields(entry: EntryOnScreen, then: Then): Record<string, FieldChange> {
  const set: Record<string, FieldChange> = {}
  for (const [field, { value }] of then) {
    if (!Object.hasOwn(ENTRY_FIELDS, field) || field === 'animal') continue
    const [was, to] = [now(entry, field), unset(value)]
    // Nobody ever sees an entry without a visibility: that one was not made yet.
    if (!same(was, to) && !(field === 'visibility' && to === null)) set[field] = { was, to }
  }
  return set
}

/** The animal as it was then. The history of what was said of it only ever grows: that it is that animal again is said anew. */
function animalFields(entry: EntryOnScreen, then: Then, saying: Saying): Record<string, FieldChange> {
  const { id, at, by } = saying
  const animal = then.get('animal')
  const said = (then.get('identifications')?.value ?? entry.identifications ?? []) as Identification[]
  const [wasLast, isLast] = [said.at(-1), entry.identifications?.at(-1)]
  const was = animalRefOf(entry)
  const to = animal ? (animal.value === null ? null : { id: animal.value }) : was
  const moved = !same(was, to)
  if (!moved && wasLast?.id === isLast?.id) return {}
  const known = typeof animal?.value === 'string' ? animal.value : moved ? undefined : entry.animal
  const text = known ? undefined : wasLast?.text
  const again: Identification | undefined = known ? { id, at, by, animal: known } : text ? { id, at, by, text } : undefined
  return {
    ...(moved ? { animal: { was, to } } : {}),
    ...(again ? { identifications: { add: [again] } } : {}),
  }
}

/** Pictures that were there then and went since come back; those that came since stay. */
function pictures(entry: EntryOnScreen, then: Then, at: number): Draft[] {
  const here = new Map(entry.images?.map((image) => [image.id, image]))
  return [...then].flatMap(([field, before]): Draft[] => {
    const [kind, id, part] = field.split('/')
    if (kind !== 'image' || !id) return []
    const image = here.get(id)
    if (!part) {
      const canComeBack = before.value !== null && !image && at - before.at < RESTORE_MS
      return canComeBack ? [{ type: 'image', id, op: 'restore' }] : []
    }
    if (!image || (part !== 'alt' && part !== 'position')) return []
    const [was, to] = [image[part] ?? null, before.value]
    return same(was, to) || (part === 'position' && to === null)
      ? []
      : [{ type: 'image', id, op: 'update', set: { [part]: { was, to } } }]
  })
}

/**
 * The changes that make an entry what it was after a revision, from what it is now; none: it is that already. They are
 * changes like any others: the history grows by them, and nothing of it is taken back.
 * @param later all revisions after that one, latest first
 */
export function goBackDrafts(entry: EntryOnScreen, later: readonly Revision[], saying: Saying): Draft[] {
  const then = stateBefore(later)
  const set = { ...plainFields(entry, then), ...animalFields(entry, then, saying) }
  const own: Draft[] = Object.keys(set).length > 0 ? [{ type: 'entry', id: entry.id, op: 'update', set }] : []
  return [...pictures(entry, then, saying.at), ...own]
}

function turned(change: FieldChange): FieldChange {
  if ('to' in change) return { was: change.to, to: change.was ?? null }
  return { remove: (change.add ?? []).map((item) => (item as unknown as Identification).id) }
}

/** The changes that take others back; for what `goBackDrafts` makes. */
export function undoDrafts(drafts: readonly Draft[]): Draft[] {
  return drafts.toReversed().map((draft): Draft => {
    if (draft.op === 'restore') return { ...draft, op: 'delete' }
    const set = Object.entries(draft.set ?? {}).map(([field, change]) => [field, turned(change)] as const)
    return { ...draft, set: Object.fromEntries(set) }
  })
}
