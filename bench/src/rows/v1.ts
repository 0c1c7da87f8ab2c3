import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { aged } from '../fixture/aged.ts'
import { circle, FRIENDS } from '../fixture/circle.ts'
import { type Load, requestsPerSecond } from '../load.ts'
import { inTurns, type Samples } from '../pairs.ts'
import { folder } from '../places.ts'
import { type Asker, startAsker, startBare, startServer } from '../processes.ts'
import { type Row, times } from '../row.ts'
import { onStillStage } from '../stage.ts'
import { answerTo, BATCH, check, FULL, loadOf, OVERVIEW, type Question, UNCHANGED } from '../v1-asked.ts'

/** What the older design did, on a machine of this kind. */
const OLDER = { fullMs: 1_146, batches: 5.8, overviews: 7.1, unchanged: 491 }
/** The older figures are of a load tool that asked for a while: of code that had run. Ours gets faster for as many full syncs. */
const WARM_UPS = 30

const round = (ratio: number): number => Number(ratio.toPrecision(3))

/** What an answer has to say, and how often. */
interface Said {
  readonly what: string
  readonly count: number
}

/** A circle, asked in turns with a bare server that says the same bytes. */
async function besideBare(
  pairs: number,
  entries: number,
  question: Question,
  { what, count }: Said,
  measure: (load: Load) => Promise<number>,
): Promise<Samples> {
  const dex = await aged(await circle(entries, FRIENDS))
  const answers = await folder('answers')
  const server = await startServer(dex.dataDir)
  const bare = await startBare(answers)
  try {
    const ours = loadOf(server, dex, question)
    const said = await answerTo(ours)
    check(said, what, count)
    await writeFile(join(answers, 'v1'), said)
    const replay: Load = { ...ours, method: 'POST', url: `${bare.url}/v1` }
    return await inTurns(
      pairs,
      () => measure(ours),
      () => measure(replay),
      WARM_UPS,
    )
  } finally {
    await server.stop()
    await bare.stop()
  }
}

/** With a process that asks. */
async function asking<T>(work: (timed: Asker['timed']) => Promise<T>): Promise<T> {
  const asker = await startAsker()
  try {
    return await work(asker.timed)
  } finally {
    await asker.stop()
  }
}

export const v1Full: Row = {
  id: 'V1 full',
  what: 'Older clients: full sync of 10,000 entries with their pictures, to the last byte',
  unit: 'ms',
  target: {
    words: `≤ ${Math.floor(OLDER.fullMs / 8)} ms (an eighth of the older design)`,
    met: (ours) => ours <= OLDER.fullMs / 8,
  },
  run: (pairs, entries) =>
    asking((timed) => besideBare(pairs, entries, FULL, { what: '"dex_compatible_url":"http', count: entries }, timed)),
}

/** What the bare machine's first sync of as many entries took where the older design was measured (numbers.md, A): its middle. */
const BARE_FIRST_MS = 136

/** The same beside the bare machine's first sync: how fast this machine is beside the one where the older design was measured. */
export const v1FullScaled: Row = {
  id: 'V1 full for A',
  what: 'Older clients: full sync of 10,000 entries, beside the bare machine’s first sync of as many (row A), which tells how fast this machine is',
  unit: 'ms',
  target: times(round(OLDER.fullMs / 8 / BARE_FIRST_MS)),
  run: async (pairs, entries) => {
    const dex = await aged(await circle(entries, FRIENDS))
    const server = await startServer(dex.dataDir)
    try {
      const ours = loadOf(server, dex, FULL)
      return await onStillStage({ entries }, async (stage) => {
        const first = async () => stage.run('bare', 'first', await folder('first-bare'), stage.count)
        return asking((timed) => inTurns(pairs, () => timed(ours), first, WARM_UPS))
      })
    } finally {
      await server.stop()
    }
  },
}

const rateOf = (id: string, what: string, target: { times: number; of: number }, question: Question, said: Said): Row => ({
  id,
  what: `Older clients: ${what} per second, 16 connections, nothing having moved between`,
  unit: 'requests/s',
  target: {
    words: `≥ ${(target.times * target.of).toLocaleString('en-GB')} a second (${target.times} × the older design)`,
    met: (ours) => ours >= target.times * target.of,
  },
  run: (pairs, entries, brief) => besideBare(pairs, entries, question, said, (load) => requestsPerSecond(load, brief)),
})

const NOTHING = '"entries":[]'

export const v1Unchanged: Row = rateOf(
  'V1 unchanged',
  'syncs of a dex without changes',
  { times: 10, of: OLDER.unchanged },
  UNCHANGED,
  {
    what: NOTHING,
    count: 1,
  },
)

export const v1Batch: Row = rateOf(
  'V1 batch',
  'batches of 101 dexes without changes',
  { times: 100, of: OLDER.batches },
  BATCH,
  {
    what: NOTHING,
    count: FRIENDS + 1,
  },
)

export const v1Overview: Row = rateOf(
  'V1 overview',
  'overviews of 100 friends',
  { times: 100, of: OLDER.overviews },
  OVERVIEW,
  {
    what: '"total_entries":100',
    count: FRIENDS,
  },
)
