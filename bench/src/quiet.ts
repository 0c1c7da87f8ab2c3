import { readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'

/** What the host may give to other machines while something is measured: of all processors' time in a turn, of what is asked for in a look. */
export const QUIET = 0.03
const LOOK_MS = 300
const REST_MS = 2_000
/** How long a whole run waits for quiet at most: where it never comes, it is measured all the same. */
const PATIENCE_MS = 20 * 60_000

/** Time of the processors, in ticks of the system: all of it, and what the host gave to other machines meanwhile. */
interface Ticks {
  readonly all: number
  readonly stolen: number
}

/** Since the machine was started; undefined where the system does not say. */
function ticks(): Ticks | undefined {
  try {
    const [, first = ''] = readFileSync('/proc/stat', 'utf8').split(/^cpu +|\n/m, 2)
    const [user = 0, nice = 0, system = 0, idle = 0, wait = 0, irq = 0, soft = 0, stolen = 0] = first.split(' ').map(Number)
    return { all: user + nice + system + idle + wait + irq + soft + stolen, stolen }
  } catch {
    return undefined
  }
}

/** Begins to look; what it gives tells the share of the processors' time that was stolen since, from 0 to 1. */
export function stolenSince(): () => number {
  const before = ticks()
  return () => {
    const after = ticks()
    if (!before || !after || after.all === before.all) return 0
    return (after.stolen - before.stolen) / (after.all - before.all)
  }
}

/** Only what is asked for can be stolen: a look is a moment of work, on one of the processors. */
function stolenAMomentAgo(): number {
  const before = ticks()
  const until = performance.now() + LOOK_MS
  while (performance.now() < until) continue
  const after = ticks()
  if (!before || !after) return 0
  const [stolen, asked] = [after.stolen - before.stolen, (LOOK_MS / 1000) * 100]
  return stolen / asked
}

let waited = 0

/** Waits until the host leaves this machine its processors, as long as the run has patience. */
export async function untilQuiet(): Promise<void> {
  while (waited < PATIENCE_MS && stolenAMomentAgo() > QUIET) {
    const began = performance.now()
    await sleep(REST_MS)
    waited += performance.now() - began
  }
}
