import type { Draft, Photo } from '@biologidex/client/face'
import { canonical, type Json } from '@biologidex/core/json'
import type { Mutation } from '@biologidex/core/sync/mutation'

/** What a person did in one go, and was told was kept, or not. */
export interface Deed {
  readonly device: string
  readonly drafts: readonly Draft[]
  readonly photos: readonly Photo[]
  /** Marks of earlier deeds that could be seen on the entry's page when it was done. */
  readonly saw: ReadonlySet<string>
  /** The number that its first change would get. */
  readonly next: number
  /** Steps of the script at which it began, and at which it was known to be durable. */
  readonly began: number
  kept: boolean | undefined
  ended: number
}

/** One change of a deed. */
export interface Done {
  readonly deed: Deed
  readonly draft: Draft
}

const contentOf = ({ type, id, op, set }: Pick<Mutation, 'type' | 'id' | 'op' | 'set'>): string =>
  canonical({ type, id, op, set })

/** The mark that a change leaves on its entry: the identification that it adds, if it adds one. */
export function markOf({ set }: Draft): string | undefined {
  const added = set?.identifications
  const [first] = added && 'add' in added ? (added.add ?? []) : []
  return (first as { id: string } | undefined)?.id
}

/** A clash that the person settled: what lost may be gone. */
export interface Settlement {
  readonly deed: Deed
  readonly conflict: string
  readonly entry: string
  readonly field: string
  readonly lost: Json
}

/** Everything that the person did: what must be there in the end is judged by this alone. */
export class Ledger {
  readonly deeds: Deed[] = []
  /** Changes whenever more is known. */
  version = 0
  readonly settlements: Settlement[] = []

  begin(deed: Omit<Deed, 'kept' | 'ended'>): Deed {
    const begun: Deed = { ...deed, kept: undefined, ended: Number.POSITIVE_INFINITY }
    this.deeds.push(begun)
    this.version += 1
    return begun
  }

  /** The program said that it is kept. */
  acknowledged(deed: Deed, step: number): void {
    deed.kept = true
    deed.ended = step
    this.version += 1
  }

  /** Ends a deed of which the program told nothing any more, by what its disk holds. */
  judge(deed: Deed, outbox: readonly Mutation[], step: number): void {
    if (deed.kept !== undefined) return
    const there = new Set(outbox.filter(({ n }) => n >= deed.next).map(contentOf))
    deed.kept = deed.drafts.every((draft) => there.has(contentOf(draft)))
    deed.ended = step
    this.version += 1
  }

  /** Changes that were kept, in the order in which they were begun. */
  kept(): Done[] {
    return this.deeds.filter((deed) => deed.kept).flatMap((deed) => deed.drafts.map((draft) => ({ deed, draft })))
  }

  photos(): Photo[] {
    return this.deeds.filter((deed) => deed.kept).flatMap((deed) => deed.photos)
  }
}

/** Whether one change was made in the knowledge of another: on the same device after it, or with its mark on the screen. */
export function knew(later: Done, earlier: Done): boolean {
  if (later === earlier) return false
  if (later.deed === earlier.deed) return later.deed.drafts.indexOf(later.draft) > earlier.deed.drafts.indexOf(earlier.draft)
  if (later.deed.device === earlier.deed.device && earlier.deed.ended < later.deed.began) return true
  const mark = markOf(earlier.draft)
  return mark !== undefined && later.deed.saw.has(mark)
}

/** Whether a mutation on a device is this change. */
export const isSame = (change: Mutation, draft: Draft): boolean => contentOf(change) === contentOf(draft)
