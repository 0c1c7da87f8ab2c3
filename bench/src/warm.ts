import { median } from './pairs.ts'

/** Rounds in which V8 gets to know the code: both sides get faster for about as many. */
const WARM_UPS = 1_000
const ROUNDS = 200

/** Does a round again and again, one after another: the median of the last ones, in milliseconds. */
export async function warmMedian(round: () => Promise<unknown>): Promise<number> {
  const times: number[] = []
  for (let at = 0; at < WARM_UPS + ROUNDS; at += 1) {
    const began = performance.now()
    await round()
    if (at >= WARM_UPS) times.push(performance.now() - began)
  }
  return median(times)
}
