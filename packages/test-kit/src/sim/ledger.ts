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
  /** `maybe`: it was kept, until an older copy of the device's disk came back; nobody knows whether the server had it. */
  kept: boolean | 'maybe' | undefined
  ended: number
  /** How often older copies of the disk held it unsent: so often it may come about once more. */
  replays: number
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

/** An older copy of a device's disk, made at one step of the script, took its place at another. */
interface Return {
  readonly device: string
  readonly copied: number
  readonly at: number
}

/** Everything that the person did: what must be there in the end is judged by this alone. */
export class Ledger {
  readonly deeds: Deed[] = []
  /** Changes whenever more is known. */
  version = 0
  readonly settlements: Settlement[] = []
  /** Photos whose bytes went with a disk before they were up. */
  readonly lostPhotos = new Set<string>()
  readonly #returns: Return[] = []

  begin(deed: Omit<Deed, 'kept' | 'ended' | 'replays'>): Deed {
    const begun: Deed = { ...deed, kept: undefined, ended: Number.POSITIVE_INFINITY, replays: 0 }
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

  /**
   * An older copy of a device's disk takes the place of what it holds: what it had not sent by then is gone with it, unless
   * the server has heard of it, and what the copy has not sent is sent again.
   */
  cameBack(back: Return, unsent: readonly Mutation[], copy: readonly Mutation[]): void {
    this.#returns.push(back)
    const holds = (outbox: readonly Mutation[], draft: Draft) => outbox.some((change) => isSame(change, draft))
    for (const deed of this.deeds) {
      if (deed.device !== back.device || !deed.kept) continue
      if (deed.drafts.some((draft) => holds(copy, draft))) deed.replays += 1
      else if (deed.drafts.some((draft) => holds(unsent, draft))) deed.kept = 'maybe'
    }
    this.version += 1
  }

  /** A device forgets everything with its person's sign-out, and has all that the server knows after the next sign-in. */
  signedOut(device: string, at: number): void {
    this.#returns.push({ device, copied: Number.POSITIVE_INFINITY, at })
    this.version += 1
  }

  /** Changes that were kept, in the order in which they were begun. */
  kept(): Done[] {
    return this.deeds.filter((deed) => deed.kept === true).flatMap(changesOf)
  }

  /** Those that were kept, and those that may have been. */
  possible(): Done[] {
    return this.deeds.filter((deed) => deed.kept).flatMap(changesOf)
  }

  /** When a device last forgot what it knew; before the first step if it never did. */
  returned(device: string): number {
    return Math.max(-1, ...this.#returns.filter((one) => one.device === device).map(({ at }) => at))
  }

  /** Whether one change was made in the knowledge of another: on the same device after it, or with its mark on the screen. */
  knew(later: Done, earlier: Done): boolean {
    if (later.draft === earlier.draft) return false
    if (later.deed === earlier.deed) return later.deed.drafts.indexOf(later.draft) > earlier.deed.drafts.indexOf(earlier.draft)
    if (this.remembers(later.deed, earlier.deed)) return true
    return earlier.deed.drafts.some((draft) => later.deed.saw.has(markOf(draft) ?? ''))
  }

  /** Whether a device knew of a deed of its own when it did a later one: the first had ended, and no old copy of its disk came back between. */
  remembers(later: Deed, earlier: Deed): boolean {
    if (later.device !== earlier.device || earlier.ended >= later.began) return false
    const forgot = ({ device, copied, at }: Return) =>
      device === later.device && later.began > at && earlier.began <= at && earlier.ended >= copied
    return !this.#returns.some(forgot)
  }

  /** Photos that have to be somewhere; `possible`: and those that may be. */
  photos(possible = false): Photo[] {
    return this.deeds.filter(({ kept }) => kept === true || (possible && kept)).flatMap((deed) => deed.photos)
  }
}

const changesOf = (deed: Deed): Done[] => deed.drafts.map((draft) => ({ deed, draft }))

/** Whether a mutation on a device is this change. */
export const isSame = (change: Draft, draft: Draft): boolean => contentOf(change) === contentOf(draft)
