import type { Context } from '../../context.ts'
import type { FeedHead } from '../../db/db.ts'
import type { V1Totals } from '../../db/v1-queries.ts'

/** Feeds whose totals are remembered: some 200 bytes each. */
const REMEMBER = 10_000

/** What is counted of feeds, remembered for as long as they stand where they stood. */
export class TotalsMemory {
  readonly #known = new WeakMap<object, Map<number, { readonly stand: string; readonly totals: V1Totals }>>()

  async of({ db }: Pick<Context, 'db'>, head: FeedHead, namedAt: number): Promise<V1Totals> {
    const known = this.#known.get(db) ?? new Map<number, { stand: string; totals: V1Totals }>()
    this.#known.set(db, known)
    const stand = `${head.epoch}.${head.head}.${namedAt}`
    const before = known.get(head.id)
    if (before?.stand === stand) return before.totals
    const totals = await db.v1.totals(head.id)
    if (known.size >= REMEMBER) known.clear()
    known.set(head.id, { stand, totals })
    return totals
  }
}
