import type { Samples } from './pairs.ts'

/** A row of the table: what is measured, beside the bare machine. */
export interface Row {
  readonly id: string
  readonly what: string
  readonly unit: string
  /** What ours must reach, in words, and whether it does. `ratio` is ours / bare, of the medians. */
  readonly target: { readonly words: string; met(ours: number, ratio: number): boolean }
  /**
   * @param entries of the dex
   * @param friends whose dexes come along, where that is not the number that the row is about
   * @param brief measured to see how it grows, at many sizes: servers are warmed up and asked for less long
   */
  run(pairs: number, entries: number, brief: boolean, friends?: number): Promise<Samples>
}

/** A target that is a multiple of the bare machine's time. */
export const times = (limit: number): Row['target'] => ({
  words: `≤ ${limit} × bare`,
  met: (_ours, ratio) => ratio <= limit,
})
