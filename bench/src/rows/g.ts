import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { FRIENDS } from '../fixture/circle.ts'
import { bytesOf, type Load, rawAnswerTo, requestsPerSecond } from '../load.ts'
import { inTurns, type Samples } from '../pairs.ts'
import { copyOf, folder } from '../places.ts'
import { startReplay } from '../processes.ts'
import type { Row } from '../row.ts'
import { onStage, type Stage, type Workload } from '../stage.ts'

/** Answers a second of a raw replay when the targets were set. */
const REPLAY = 46_500
/** Both servers are asked this often before it counts: their code is compiled in steps as it runs. */
const WARM_UPS = 2

/** The very request of a client that has everything. */
async function unchangedPull(stage: Stage): Promise<Load> {
  const record = stage.recorded
  await stage.run('ours', 'unchanged', await copyOf(stage.stores.ours, 'recording'), stage.count, { record })
  const read = (name: string) => readFile(join(record, `pull.${name}`), 'utf8')
  const headers = {
    ...(JSON.parse(await read('headers')) as Record<string, string>),
    authorization: `Bearer ${stage.dex.token}`,
  }
  return { url: `${stage.server.url}/api/v2/sync/pull`, headers, body: await read('request') }
}

/** Runs `work` beside a server that says the same bytes again without looking at what it is asked. */
async function besideReplay<T>(load: Load, work: (replay: Load) => Promise<T>): Promise<T> {
  const file = join(await folder('replay'), 'answer')
  const said = (await rawAnswerTo(load)).toString('latin1').replace(/^connection: close/im, 'connection: keep-alive')
  await writeFile(file, said, 'latin1')
  // A name of its own for the host: requests have as many bytes whatever the port is.
  const replay = { ...load, headers: { ...load.headers, host: 'replay' } }
  const server = await startReplay(file, bytesOf(replay).length)
  try {
    return await work({ ...replay, url: `${server.url}/api/v2/sync/pull` })
  } finally {
    await server.stop()
  }
}

/** `env`: settings of the server. */
function pulls(pairs: number, workload: Workload, brief: boolean, env: NodeJS.ProcessEnv): Promise<Samples> {
  return onStage(
    workload,
    async (stage) => {
      const load = await unchangedPull(stage)
      return besideReplay(load, (replay) =>
        inTurns(
          pairs,
          () => requestsPerSecond(load, brief),
          () => requestsPerSecond(replay, brief),
          brief ? 1 : WARM_UPS,
        ),
      )
    },
    env,
  )
}

const of = (whose: string) => `Unchanged pulls per second, ${whose}: 16 connections, one process, SQLite`

/** A number a second, whatever the machine; beside it what that was of a bare replay where the target was set (numbers.md). */
const perSecond = (count: number): Row['target'] => ({
  words: `≥ ${count.toLocaleString('en-GB')} a second (set where bare made ${REPLAY.toLocaleString('en-GB')}: ${(count / REPLAY).toPrecision(2)} × bare)`,
  met: (ours) => ours >= count,
})

export const unchangedPulls: Row = {
  id: 'G',
  what: `${of('own')}, each computed afresh`,
  unit: 'requests/s',
  target: perSecond(10_000),
  run: (pairs, entries, brief) => pulls(pairs, { entries }, brief, { REMEMBER_ROWS: '0' }),
}

export const unmovedPulls: Row = {
  id: 'G unmoved',
  what: `${of('own')}, nothing having moved between`,
  unit: 'requests/s',
  target: perSecond(15_000),
  run: (pairs, entries, brief) => pulls(pairs, { entries }, brief, {}),
}

export const unchangedCirclePulls: Row = {
  id: 'G circle',
  what: `${of('circle')}, each computed afresh`,
  unit: 'requests/s',
  target: perSecond(6_000),
  run: (pairs, entries, brief, friends = FRIENDS) => pulls(pairs, { entries, friends }, brief, { REMEMBER_ROWS: '0' }),
}

export const unmovedCirclePulls: Row = {
  id: 'G circle unmoved',
  what: `${of('circle')}, nothing having moved between`,
  unit: 'requests/s',
  target: perSecond(12_000),
  run: (pairs, entries, brief, friends = FRIENDS) => pulls(pairs, { entries, friends }, brief, {}),
}

export const unchangedAnswer: Row = {
  id: 'E bytes',
  what: 'The answer that nothing changed, circle, headers included',
  unit: 'bytes',
  target: { words: '< 200 bytes', met: (ours) => ours < 200 },
  run: (_pairs, entries) =>
    onStage({ entries, friends: FRIENDS }, async (stage) => {
      const load = await unchangedPull(stage)
      const bytes = async (asked: Load) => [(await rawAnswerTo(asked)).length]
      return { ours: await bytes(load), bare: await bytes({ ...load, url: `${stage.bare.url}/unchanged` }) }
    }),
}
