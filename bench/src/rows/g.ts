import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Load, requestsPerSecond } from '../load.ts'
import { inTurns, type Samples } from '../pairs.ts'
import { copyOf } from '../places.ts'
import type { Row } from '../row.ts'
import { onStage, type Stage } from '../stage.ts'

/** Unchanged pulls of a bare replay when the targets were set. */
const REPLAY = 46_500
/** Both servers are asked this often before it counts: their code is compiled in steps as it runs. */
const WARM_UPS = 2

/** The very request of a client that has everything. */
async function unchangedPull(stage: Stage): Promise<Load> {
  const record = stage.recorded
  await stage.run('ours', 'unchanged', await copyOf(stage.stores.ours, 'recording'), stage.dex.entries.length, { record })
  const body = await readFile(join(record, 'pull.request'), 'utf8')
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${stage.dex.token}` }
  return { url: `${stage.server.url}/api/v2/sync/pull`, headers, body }
}

/** `env`: settings of the server. */
function pulls(pairs: number, entries: number, brief: boolean, env: NodeJS.ProcessEnv): Promise<Samples> {
  return onStage(
    entries,
    async (stage) => {
      const load = await unchangedPull(stage)
      const replay = { ...load, url: `${stage.bare.url}/unchanged` }
      return inTurns(
        pairs,
        () => requestsPerSecond(load, brief),
        () => requestsPerSecond(replay, brief),
        brief ? 1 : WARM_UPS,
      )
    },
    env,
  )
}

const what = 'Unchanged pulls per second, own: 16 connections, one process, SQLite'

/** A number a second, whatever the machine; beside it what that was of a bare replay where the target was set (numbers.md). */
const perSecond = (count: number): Row['target'] => ({
  words: `≥ ${count.toLocaleString('en-GB')} a second (set where bare made ${REPLAY.toLocaleString('en-GB')}: ${(count / REPLAY).toPrecision(2)} × bare)`,
  met: (ours) => ours >= count,
})

export const unchangedPulls: Row = {
  id: 'G',
  what: `${what}, each computed afresh`,
  unit: 'requests/s',
  target: perSecond(10_000),
  run: (pairs, entries, brief) => pulls(pairs, entries, brief, { REMEMBER_ROWS: '0' }),
}

export const unmovedPulls: Row = {
  id: 'G unmoved',
  what: `${what}, nothing having moved between`,
  unit: 'requests/s',
  target: perSecond(15_000),
  run: (pairs, entries, brief) => pulls(pairs, entries, brief, {}),
}
