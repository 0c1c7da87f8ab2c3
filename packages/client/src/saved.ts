import { canonical, same } from '@biologidex/core/json'
import type { FieldChange, Mutation } from '@biologidex/core/sync/mutation'
import type { EntryOnScreen } from '@biologidex/core/sync/overlay'
import type { DexView, PeopleView } from './face.ts'
import { subjectOf } from './rests.ts'

/** What of the own dex, and of how the account stands to others, decides whether a change brings anything. */
export interface Known extends Pick<DexView, 'entries' | 'trash' | 'outings' | 'conflicts' | 'profile' | 'animal'> {
  readonly people: Pick<PeopleView, 'friends' | 'blocks'>
}

/** What a change is, whatever its number and date. */
const contentOf = ({ type, id, op, set }: Mutation): string => canonical({ type, id, op, set })

const isEmpty = (value: unknown): boolean => value === undefined || value === null || value === false

/** True when the entry has the animal that a change names, by its record or by its scientific name. */
function hasAnimal({ animal, typedAnimal }: EntryOnScreen, to: unknown, dex: Known): boolean {
  if (isEmpty(to)) return !animal && !typedAnimal
  const { id, scientificName } = to as { id?: string; scientificName?: string }
  if (id !== undefined) return animal === id
  const known = typedAnimal ?? (animal === undefined ? undefined : dex.animal(animal))
  return known?.scientificName.toLowerCase() === scientificName?.toLowerCase()
}

/** The picture of any entry, alive or deleted. */
function imageOf(dex: Known, id: string): object | undefined {
  const all = [...dex.entries.values(), ...[...dex.trash.values()].map(({ entry }) => entry)]
  return all.flatMap(({ images }) => images ?? []).find((image) => image.id === id)
}

/** The thing that a change is about, as it is here; undefined when it is not here, or in the trash. */
function thingOf(dex: Known, type: string, id: string): object | undefined {
  if (type === 'entry') return dex.entries.get(id)
  if (type === 'outing') return dex.outings.get(id)
  if (type === 'conflict') return dex.conflicts.get(id)
  if (type === 'friend') return dex.people.friends.get(id)
  if (type === 'block') return dex.people.blocks.get(id)
  if (type === 'setting') return dex.profile && { ...dex.profile, ...dex.profile.settings }
  return type === 'image' ? imageOf(dex, id) : undefined
}

/** True when somebody is asked, or no more, by their code: who that is only the server knows. */
const namesByCode = ({ type, set }: Mutation): boolean => type === 'friend' && set?.code !== undefined

/** True when the field is what the saved changes make of it in the end, or its list has all that is added. */
function holds(dex: Known, thing: object, field: string, change: FieldChange, last: unknown): boolean {
  const value = (thing as Record<string, unknown>)[field]
  if ('to' in change) {
    if (field === 'animal') return hasAnimal(thing as EntryOnScreen, last, dex)
    return same(value, last) || (isEmpty(value) && isEmpty(last))
  }
  const ids = new Set((Array.isArray(value) ? (value as { id?: unknown }[]) : []).map(({ id }) => id))
  const added = 'add' in change ? (change.add ?? []) : []
  const removed = 'remove' in change ? (change.remove ?? []) : []
  return added.every((one) => ids.has((one as { id?: unknown } | null)?.id)) && !removed.some((id) => ids.has(id))
}

/** The value that each field of each thing has after all changes. */
function lastValues(changes: readonly Mutation[]): Map<string, unknown> {
  const last = new Map<string, unknown>()
  for (const change of changes) {
    for (const [field, value] of Object.entries(change.set ?? {}))
      if ('to' in value) last.set(`${subjectOf(change)} ${field}`, value.to)
  }
  return last
}

/** What was done with each thing last, beside changing it. */
const lastDeeds = (changes: readonly Mutation[]): Map<string, Mutation['op']> =>
  new Map(changes.filter(({ op }) => op !== 'update').map((change) => [subjectOf(change), change.op]))

/** True when making it brings something; to ask somebody who asks is to say yes. */
function isToBeMade(dex: Known, type: string, id: string, isHere: boolean): boolean {
  if (type === 'friend') return !isHere || dex.people.friends.get(id)?.state === 'asks'
  return !isHere && !(type === 'entry' && dex.trash.has(id))
}

/**
 * The saved changes that bring something: not those that wait in the outbox already, nor those whose outcome the dex shows. So the
 * same work brought in twice is there once.
 */
export function freshChanges(saved: readonly Mutation[], dex: Known, outbox: readonly Mutation[]): Mutation[] {
  const waiting = new Set(outbox.map(contentOf))
  const last = lastValues(saved)
  const ends = lastDeeds(saved)
  const made = new Set<string>()
  const isNews = (change: Mutation): boolean => {
    const { type, id, op, set = {} } = change
    if (waiting.has(contentOf(change))) return false
    const subject = subjectOf(change)
    if (made.has(subject)) return true
    if (namesByCode(change)) return true
    const thing = thingOf(dex, type, id)
    const isHere = thing !== undefined
    if (op === 'create') return isToBeMade(dex, type, id, isHere)
    // What was deleted and brought back again stays.
    if (op === 'delete') return isHere && ends.get(subject) === 'delete'
    if (op === 'restore') return !isHere
    return (
      !thing || !Object.entries(set).every(([field, value]) => holds(dex, thing, field, value, last.get(`${subject} ${field}`)))
    )
  }
  return saved.filter((change) => {
    const news = isNews(change)
    if (news && change.op === 'create') made.add(subjectOf(change))
    return news
  })
}

/** True for a picture of any entry of the dex or its trash. */
export const hasImage = (dex: Known, image: string): boolean => imageOf(dex, image) !== undefined

/** True for a picture that the server knows of but has no bytes of, as far as this device knows. */
export function waitsForBytes(dex: Known, image: string): boolean {
  const found = imageOf(dex, image)
  return found !== undefined && 'state' in found && found.state === 'waiting'
}
