import { readFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { join } from 'node:path'
import { FRIENDS } from '../fixture/circle.ts'
import { type Load, requestsPerSecond } from '../load.ts'
import { inTurns, type Samples } from '../pairs.ts'
import { copyOf } from '../places.ts'
import type { Row } from '../row.ts'
import { onStage, type Stage, type Workload } from '../stage.ts'

/** Unchanged pulls of a bare replay when the targets were set. */
const REPLAY = 46_500
/** Both servers are asked this often before it counts: their code is compiled in steps as it runs. */
const WARM_UPS = 2

/** The very request of a client that has everything. */
async function unchangedPull(stage: Stage): Promise<Load> {
  const record = stage.recorded
  await stage.run('ours', 'unchanged', await copyOf(stage.stores.ours, 'recording'), stage.count, { record })
  const body = await readFile(join(record, 'pull.request'), 'utf8')
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${stage.dex.token}` }
  return { url: `${stage.server.url}/api/v2/sync/pull`, headers, body }
}

/** `env`: settings of the server. */
function pulls(pairs: number, workload: Workload, brief: boolean, env: NodeJS.ProcessEnv): Promise<Samples> {
  return onStage(
    workload,
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

/** Bytes of one answer, its headers included. */
async function answerBytes({ url, headers, body }: Load): Promise<number> {
  const { host, hostname, port, pathname } = new URL(url)
  const asked = Object.entries({ host, ...headers, 'content-length': Buffer.byteLength(body), connection: 'close' })
  const socket = connect(Number(port), hostname)
  socket.write(`POST ${pathname} HTTP/1.1\r\n${asked.map((pair) => pair.join(': ')).join('\r\n')}\r\n\r\n${body}`)
  let bytes = 0
  for await (const piece of socket) bytes += (piece as Buffer).length
  return bytes
}

export const unchangedAnswer: Row = {
  id: 'E bytes',
  what: 'The answer that nothing changed, circle, headers included',
  unit: 'bytes',
  target: { words: '< 200 bytes', met: (ours) => ours < 200 },
  run: (_pairs, entries) =>
    onStage({ entries, friends: FRIENDS }, async (stage) => {
      const load = await unchangedPull(stage)
      return { ours: [await answerBytes(load)], bare: [await answerBytes({ ...load, url: `${stage.bare.url}/unchanged` })] }
    }),
}
