import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { aged } from '../fixture/aged.ts'
import { type OwnDex, ownDex } from '../fixture/own.ts'
import type { Load } from '../load.ts'
import { watchMemory } from '../memory.ts'
import { inTurns, type Samples } from '../pairs.ts'
import { copyOf, folder } from '../places.ts'
import { type Server, startBare, startServer } from '../processes.ts'
import type { Row } from '../row.ts'
import { answerTo, check, FULL, loadOf, timed } from '../v1-asked.ts'

/** Entries of the answer: ten times the usual dex. */
const ENTRIES = 100_000
/** What the server may take for any first sync (numbers.md, H). */
const MEGABYTES = 64
const TURNS = 3

/** Megabytes that a server just started grew by at its peak, while it answered one question. */
async function grown(server: Server, load: (server: Server) => Load): Promise<number> {
  try {
    const grew = watchMemory(server.pid)
    await timed(load(server))
    return grew()
  } finally {
    await server.stop()
  }
}

async function recorded(dex: OwnDex, answers: string): Promise<void> {
  const server = await startServer(await copyOf(dex.dataDir, 'data'))
  try {
    const said = await answerTo(loadOf(server, dex, FULL))
    check(said, '"animal_id":', ENTRIES)
    await writeFile(join(answers, 'v1'), said)
  } finally {
    await server.stop()
  }
}

async function samples(): Promise<Samples> {
  const dex = await aged(await ownDex(ENTRIES))
  const answers = await folder('answers')
  await recorded(dex, answers)
  return inTurns(
    TURNS,
    async () => grown(await startServer(await copyOf(dex.dataDir, 'data')), (server) => loadOf(server, dex, FULL)),
    async () => grown(await startBare(answers), ({ url }) => ({ url: `${url}/v1`, headers: {}, body: '' })),
    0,
  )
}

export const v1Memory: Row = {
  id: 'V1 memory',
  what: 'Older clients: full sync of 100,000 entries: memory of the server at its peak above what it held before',
  unit: 'MB',
  target: { words: `≤ ${MEGABYTES} MB`, met: (ours) => ours <= MEGABYTES },
  run: samples,
}
