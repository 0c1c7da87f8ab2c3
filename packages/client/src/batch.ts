import { LIMITS } from '@biologidex/core/limits'
import { dependsOn, type Mutation } from '@biologidex/core/sync/mutation'
import type { StoredMutation } from './ports.ts'

/** Characters of a push's mutations: in UTF-8 at most three bytes each, so well below the limit of a push. */
const MOST_CHARS = Math.floor(LIMITS.pushBytes / 3) - 10_000

/** A change as it goes over the wire: what the device keeps beside it stays. */
export function toWire({ n, type, id, op, set, at }: StoredMutation): Mutation {
  return { n, type, id, op, ...(set ? { set } : {}), ...(at === undefined ? {} : { at }) }
}

/** How many of the changes fit, by number and size; at least one. */
function fitting(changes: readonly StoredMutation[], limit: number): number {
  let chars = 0
  let count = 0
  for (const change of changes) {
    chars += JSON.stringify(toWire(change)).length + 1
    if (count >= limit || (count > 0 && chars > MOST_CHARS)) break
    count += 1
  }
  return count
}

/**
 * The changes of the next push: the first ones, in order, as many as fit. It is cut where no entry's changes lie on both
 * sides (O2); only when there is no such place are they split.
 */
export function nextBatch(changes: readonly StoredMutation[], limit: number): readonly StoredMutation[] {
  const most = fitting(changes, limit)
  if (most === changes.length) return changes
  const last = new Map<string, number>()
  for (const [index, change] of changes.entries()) for (const key of dependsOn(change)) last.set(key, index)
  let reach = 0
  let cut = 0
  for (let index = 0; index < most; index += 1) {
    const change = changes[index]
    for (const key of change ? dependsOn(change) : []) reach = Math.max(reach, last.get(key) ?? index)
    if (reach === index) cut = index + 1
  }
  return changes.slice(0, cut || most)
}
