import { spawnSync } from 'node:child_process'
import { QUIET, stolenSince, untilQuiet } from './quiet.ts'

/** One row's measurements: `ours` beside the bare machine, in turns. */
export interface Samples {
  readonly ours: readonly number[]
  readonly bare: readonly number[]
  /** Of each turn, the share of the processors' time that the host gave to other machines meanwhile, where that was looked at. */
  readonly stolen?: readonly number[]
}

/** Measures once; the number is in the row's unit. */
export type Measure = (turn: number) => Promise<number>

/**
 * Measures both sides in turns, A B A B …, so that a slow minute of the machine falls on both. First turns of each
 * that are not counted warm the servers up. What was built to measure on, gigabytes for some rows, is on the disk by then: for half a
 * minute the system would write it beside what is measured. After a turn in which others had the processors it is waited until they have done.
 */
export async function inTurns(pairs: number, ours: Measure, bare: Measure, warmUps = 1): Promise<Samples> {
  // Where there is no such command, nothing but quiet is lost.
  spawnSync('sync')
  const samples = { ours: [] as number[], bare: [] as number[], stolen: [] as number[] }
  for (let turn = 0; turn < pairs + warmUps; turn += 1) {
    const stolen = stolenSince()
    const [a, b] = [await ours(turn), await bare(turn)]
    const share = stolen()
    if (turn >= warmUps) {
      samples.ours.push(a)
      samples.bare.push(b)
      samples.stolen.push(share)
    }
    if (share > QUIET) await untilQuiet()
  }
  return samples
}

export interface Spread {
  readonly median: number
  readonly min: number
  readonly max: number
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length / 2
  const [low, high] = [sorted[Math.ceil(middle) - 1] ?? Number.NaN, sorted[Math.floor(middle)] ?? Number.NaN]
  return (low + high) / 2
}

export const spread = (values: readonly number[]): Spread => ({
  median: median(values),
  min: Math.min(...values),
  max: Math.max(...values),
})
