import { dependsOn } from '@biologidex/core/sync/mutation'
import type { StoredMutation } from './ports.ts'

/** What a change itself is about, as `dependsOn` names it. */
export const subjectOf = (change: Pick<StoredMutation, 'type' | 'id'>): string => `${change.type}/${change.id}`

/** Not answered and not set aside: it is still to go up. */
export const isUnsent = (change: StoredMutation): boolean => !change.result && !change.setAside

/** The server carried it out: it waits until the feed that shows it is here (O7). */
export const isDone = (change: StoredMutation): boolean => change.result?.status === 'done'

/**
 * The changes among `later` (in order) that rest on one of `subjects`, directly or through each other (O6): of the same
 * thing, or in a thing that one of them makes.
 */
export function restingOn(subjects: Iterable<string>, later: readonly StoredMutation[]): StoredMutation[] {
  const keys = new Set(subjects)
  return later.filter((change) => {
    const rests = dependsOn(change).some((key) => keys.has(key))
    if (rests) keys.add(subjectOf(change))
    return rests
  })
}

/** Subjects of changes that were to make something, and were set aside: nothing can be sent about those. */
export const unmade = (changes: readonly StoredMutation[]): string[] =>
  changes.filter((change) => change.setAside && change.op === 'create').map(subjectOf)
