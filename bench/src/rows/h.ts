import { watchMemory } from '../memory.ts'
import { inTurns, type Samples } from '../pairs.ts'
import { folder } from '../places.ts'
import type { Row } from '../row.ts'
import { onStage } from '../stage.ts'

/** Entries of the first sync: ten times the usual dex. */
const ENTRIES = 100_000
/** Turns: what a process holds at its peak varies little, and each takes seconds. */
const TURNS = 3

type Process = 'server' | 'client'

function firstSync(of: Process): Promise<Samples> {
  return onStage(ENTRIES, async (stage) => {
    const grew = async (side: 'ours' | 'bare') => {
      const grown = watchMemory((side === 'ours' ? stage.server : stage.bare).pid)
      const done = await stage.done(side, 'first', await folder(`first-${side}`), ENTRIES)
      return of === 'client' ? done.grew : grown()
    }
    return inTurns(
      TURNS,
      () => grew('ours'),
      () => grew('bare'),
    )
  })
}

const rowOf = (of: Process, megabytes: number): Row => ({
  id: `H ${of}`,
  what: `First sync of 100,000 entries: memory of the ${of} at its peak above what it held before`,
  unit: 'MB',
  target: { words: `≤ ${megabytes} MB`, met: (ours) => ours <= megabytes },
  run: () => firstSync(of),
})

export const serverMemory: Row = rowOf('server', 64)
export const clientMemory: Row = rowOf('client', 100)
