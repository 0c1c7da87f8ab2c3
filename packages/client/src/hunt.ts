import { LIMITS } from '@biologidex/core/limits'
import type { StoredMutation } from './ports.ts'
import { restingOn, subjectOf } from './rests.ts'

/** Why the server refused a batch as such. */
export type BatchFault = 'too_large' | 'invalid_input' | 'internal'

/** Failures of one batch before it is halved, or of one change before it is suspected: a crash may be chance, the others not. */
const STRIKES: Record<BatchFault, number> = { too_large: 1, invalid_input: 1, internal: 3 }
/** Changes suspected in a row, without one push that went well between: it is the server that is broken, not they. */
const MOST_SUSPECTS = 3

/** Changes to set aside, with the code why. */
export type Guilty = ReadonlyMap<number, BatchFault>
const NOBODY: Guilty = new Map()

/** What to do after a batch was refused. `fresh`: something new will be tried, so wait briefly. */
export interface Verdict {
  readonly fresh: boolean
  readonly aside: Guilty
}

/**
 * Finds the change at which the server always fails, by halving the batch (O6). A change that failed alone is first only
 * suspected and passed over: it is set aside once another push goes well, or when nothing else is left to try, so that a
 * server that fails at everything (a full disk) does not make a heap of good changes look impossible.
 */
export class Hunt {
  #limit: number = LIMITS.mutationsPerPush
  #strikes = 0
  #batch = ''
  #suspects = new Map<number, BatchFault>()

  /** How many changes the next batch may have. */
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

  /** A push went well: what was suspected is at fault. */
  succeeded(): Guilty {
    const guilty = this.#suspects
    this.#suspects = new Map()
    this.#strikes = 0
    this.#limit = Math.min(LIMITS.mutationsPerPush, this.#limit * 2)
    return guilty
  }

  /** The server refused a batch. `others`: whether anything but it and the suspects is left to try. */
  failed(batch: readonly StoredMutation[], why: BatchFault, others: boolean): Verdict {
    const name = `${why} ${batch.length} ${batch.at(0)?.n}`
    this.#strikes = name === this.#batch ? this.#strikes + 1 : 1
    this.#batch = name
    if (this.#strikes < STRIKES[why]) return { fresh: false, aside: NOBODY }
    this.#strikes = 0
    const [first, second] = batch
    if (!first || second) {
      this.#limit = Math.ceil(batch.length / 2)
      return { fresh: true, aside: NOBODY }
    }
    return why === 'too_large' ? { fresh: true, aside: new Map([[first.n, why]]) } : this.#suspect(first.n, why, others)
  }

  #suspect(n: number, why: BatchFault, others: boolean): Verdict {
    this.#suspects.set(n, why)
    if (others && this.#suspects.size < MOST_SUSPECTS) return { fresh: true, aside: NOBODY }
    const alone = this.#suspects.size === 1
    this.#suspects = new Map()
    return { fresh: alone, aside: alone ? new Map([[n, why]]) : NOBODY }
  }
}
