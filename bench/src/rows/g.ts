import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Load, requestsPerSecond } from '../load.ts'
import { inTurns, type Samples } from '../pairs.ts'
import { copyOf } from '../places.ts'
import type { Row } from '../row.ts'
import { onStage, type Stage } from '../stage.ts'

/** The very request of a client that has everything. */
async function unchangedPull(stage: Stage): Promise<Load> {
  const record = stage.recorded
  await stage.run('ours', 'unchanged', await copyOf(stage.stores.ours, 'recording'), stage.dex.entries.length, { record })
  const body = await readFile(join(record, 'pull.request'), 'utf8')
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${stage.dex.token}` }
  return { url: `${stage.server.url}/api/v2/sync/pull`, headers, body }
}

function pulls(pairs: number): Promise<Samples> {
  return onStage(async (stage) => {
    const load = await unchangedPull(stage)
    const replay = { ...load, url: `${stage.bare.url}/unchanged` }
    return inTurns(
      pairs,
      () => requestsPerSecond(load),
      () => requestsPerSecond(replay),
    )
  })
}

export const unchangedPulls: Row = {
  id: 'G',
  what: 'Unchanged pulls per second, own: 16 connections, one process, SQLite, each computed afresh',
  unit: 'requests/s',
  target: { words: '≥ 10,000 a second', met: (ours) => ours >= 10_000 },
  run: pulls,
}
