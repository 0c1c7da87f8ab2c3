import { watchMemory } from '../memory.ts'
import { once } from '../once.ts'
import { inTurns, type Samples } from '../pairs.ts'
import { copyOf, folder } from '../places.ts'
import { runClient, startBare, startServer } from '../processes.ts'
import type { Row } from '../row.ts'
import { onStage, type Stage } from '../stage.ts'

/** Entries of the first sync: ten times the usual dex. */
const ENTRIES = 100_000
/** Turns: what a process holds at its peak varies little, and each takes seconds. */
const TURNS = 3

/** Megabytes that a server just started, and a client, grew by. */
interface Grown {
  readonly server: number
  readonly client: number
}

async function firstSync({ dex, answers }: Stage, side: 'ours' | 'bare'): Promise<Grown> {
  const server = side === 'ours' ? await startServer(await copyOf(dex.dataDir, 'data')) : await startBare(answers)
  try {
    const grown = watchMemory(server.pid)
    const { account, token, friends } = dex
    const done = await runClient({
      side,
      work: 'first',
      url: server.url,
      dir: await folder(`first-${side}`),
      account,
      token,
      friends,
    })
    if (done.entries !== ENTRIES) throw new Error(`a first sync left ${done.entries} entries`)
    return { server: grown(), client: done.grew }
  } finally {
    await server.stop()
  }
}

/** Both rows come of the same syncs. */
const syncs = once(() =>
  onStage({ entries: ENTRIES }, async (stage) => {
    const all: Record<'ours' | 'bare', Grown[]> = { ours: [], bare: [] }
    const one = (side: 'ours' | 'bare') => async () => {
      all[side].push(await firstSync(stage, side))
      return 0
    }
    await inTurns(TURNS, one('ours'), one('bare'), 0)
    return all
  }),
)

async function samples(of: keyof Grown): Promise<Samples> {
  const { ours, bare } = await syncs()
  return { ours: ours.map((grown) => grown[of]), bare: bare.map((grown) => grown[of]) }
}

const rowOf = (of: keyof Grown, megabytes: number): Row => ({
  id: `H ${of}`,
  what: `First sync of 100,000 entries: memory of the ${of} at its peak above what it held before`,
  unit: 'MB',
  target: { words: `≤ ${megabytes} MB`, met: (ours) => ours <= megabytes },
  run: () => samples(of),
})

export const serverMemory: Row = rowOf('server', 64)
export const clientMemory: Row = rowOf('client', 100)
