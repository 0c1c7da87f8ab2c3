import { LIMITS } from '@biologidex/core/limits'
import type { StoredMutation } from './ports.ts'
import { restingOn, subjectOf } from './rests.ts'

/** Failures of one batch before it is halved, or of one change before it is suspected. */
const STRIKES = 3
/** Changes suspected in a row, without one push that went well between: it is the server that is broken, not they. */
const MOST_SUSPECTS = 3

/** What to do after a push that the server failed at. `fresh`: something new will be tried, so wait briefly. */
export interface Verdict {
  readonly fresh: boolean
  /** Changes to set aside now. */
  readonly aside: ReadonlySet<number>
}

/**
 * Finds the change at which the server always fails, by halving the batch (O6). A change that failed alone is first only
 * suspected and passed over: it is set aside once another push goes well, or when nothing else is left to try, so that a
 * server that fails at everything (a full disk) does not make a heap of good changes look impossible.
 */
export class Hunt {
  #limit: number = LIMITS.mutationsPerPush
  #strikes = 0
  #first = 0
  #size = 0
  #suspects = new Set<number>()

  get limit(): number {
    return this.#limit
  }

  /** What may be tried: all but the suspects and what rests on them. */
  candidates(unsent: readonly StoredMutation[]): StoredMutation[] {
    if (this.#suspects.size === 0) return [...unsent]
    const suspects = unsent.filter((change) => this.#suspects.has(change.n))
    const rest = unsent.filter((change) => !this.#suspects.has(change.n))
    const resting = new Set(restingOn(suspects.map(subjectOf), rest))
    return rest.filter((change) => !resting.has(change))
  }

  /** A push went well: what was suspected is at fault. Answers those. */
  succeeded(): ReadonlySet<number> {
    const guilty = this.#suspects
    this.#suspects = new Set()
    this.#strikes = 0
    this.#limit = Math.min(LIMITS.mutationsPerPush, this.#limit * 2)
    return guilty
  }

  /**
   * The server failed at a batch.
   * @param certain it named the batch as the reason (too large, not understood), so once is enough
   * @param others whether anything but the batch and the suspects is left to try
   */
  failed(batch: readonly StoredMutation[], certain: boolean, others: boolean): Verdict {
    const first = batch[0]?.n ?? 0
    const same = first === this.#first && batch.length === this.#size
    this.#strikes = same ? this.#strikes + 1 : 1
    this.#first = first
    this.#size = batch.length
    if (!certain && this.#strikes < STRIKES) return { fresh: false, aside: new Set() }
    this.#strikes = 0
    if (batch.length > 1) {
      this.#limit = Math.ceil(batch.length / 2)
      return { fresh: true, aside: new Set() }
    }
    return certain ? { fresh: true, aside: new Set([first]) } : this.#suspect(first, others)
  }

  #suspect(n: number, others: boolean): Verdict {
    this.#suspects.add(n)
    if (others && this.#suspects.size < MOST_SUSPECTS) return { fresh: true, aside: new Set() }
    const alone = this.#suspects.size === 1
    this.#suspects = new Set()
    return { fresh: alone, aside: new Set(alone ? [n] : []) }
  }
}
