import { createWriteStream } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { Readable } from 'node:stream'
import type { Mutation } from '@biologidex/core/sync/mutation'
import { DIGEST_HEADER } from '@biologidex/core/sync/wire'
import { circle, FRIENDS } from './fixture/circle.ts'
import { type OwnDex, ownDex } from './fixture/own.ts'
import { inTurns, median, type Samples } from './pairs.ts'
import { copyOf, folder } from './places.ts'
import { startBare, startServer } from './processes.ts'
import { pushFromElsewhere } from './push.ts'
import type { Row } from './row.ts'

const CHANGED = 15
const EDITS = 100
/** Requests that one unchanged measurement is the median of. */
const ROUNDS = 50

/** A server alone, asked over HTTP by this process. */
interface Asked {
  readonly dex: OwnDex
  readonly server: { readonly url: string }
}

/** What a reader who has everything sends. */
interface Pull {
  readonly account: string
  readonly cursors: Record<string, string>
  readonly digest?: string
}

async function ask({ dex, server }: Asked, body: Pull): Promise<Response> {
  const headers = {
    'content-type': 'application/json',
    authorization: `Bearer ${dex.token}`,
    'accept-encoding': 'identity',
    ...(body.digest ? { [DIGEST_HEADER]: body.digest } : {}),
  }
  const answer = await fetch(`${server.url}/api/v2/sync/pull`, { method: 'POST', headers, body: JSON.stringify(body) })
  if (!answer.ok || !answer.body) throw new Error(`a pull was refused: ${answer.status}`)
  return answer
}

/** Reads everything once, and keeps nothing of it but where it ends. @param keep given each line */
async function readAll(asked: Asked, keep: (line: string) => unknown = () => undefined): Promise<Pull> {
  const { account } = asked.dex
  const cursors: Record<string, string> = {}
  let digest = ''
  const answer = await ask(asked, { account, cursors: {} })
  for await (const line of createInterface({ input: Readable.fromWeb(answer.body as never) })) {
    keep(line)
    if (line.startsWith('[')) continue
    const { chunk, end } = JSON.parse(line) as { chunk?: { feed: string; cursor: string }; end?: { digest: string } }
    if (chunk) cursors[chunk.feed] = chunk.cursor
    if (end) digest = end.digest
  }
  return { account, cursors, digest }
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now()
  await work()
  return performance.now() - began
}

const pulled = (asked: Asked, pull: Pull): Promise<number> => timed(async () => (await ask(asked, pull)).text())

async function unchanged(asked: Asked, pull: Pull): Promise<number> {
  const times: number[] = []
  for (let round = 0; round < ROUNDS; round += 1) times.push(await pulled(asked, pull))
  return median(times)
}

const notes = ({ dex }: Asked, count: number, turn: number): Omit<Mutation, 'n'>[] =>
  dex.entries
    .slice(0, count)
    .map((id) => ({ type: 'entry', id, op: 'update', set: { note: { to: `Turn ${turn}. ${performance.now()}` } } }))

type Measured = (asked: Asked, pull: Pull, turn: number) => Promise<number>

async function changed(asked: Asked, pull: Pull, turn: number): Promise<number> {
  await pushFromElsewhere(asked, notes(asked, CHANGED, turn))
  return pulled(asked, pull)
}

const pushed: Measured = (asked, _pull, turn) => timed(() => pushFromElsewhere(asked, notes(asked, EDITS, turn)))

/** Measures a server alone beside a bare one that replays the unchanged answer. */
async function alone(pairs: number, entries: number, measure: Measured): Promise<Samples> {
  const dex = await ownDex(entries)
  const server = await startServer(dex.dataDir)
  const answers = await folder('answers')
  await writeFile(join(answers, 'unchanged'), '{"unchanged":true}\n')
  const bare = await startBare(answers)
  const asked = { dex, server }
  try {
    const pull = await readAll(asked)
    const replay = () => fetch(`${bare.url}/unchanged`, { method: 'POST', body: '{}' }).then((answer) => answer.text())
    return await inTurns(
      pairs,
      (turn) => measure(asked, pull, turn),
      async () => {
        const times: number[] = []
        for (let round = 0; round < ROUNDS; round += 1) times.push(await timed(replay))
        return median(times)
      },
    )
  } finally {
    await server.stop()
    await bare.stop()
  }
}

/** Reads an answer to its end, and keeps nothing. */
async function drained(answer: Response): Promise<void> {
  for await (const _ of Readable.fromWeb(answer.body as never)) continue
}

/** Measures a first pull of everything from a server alone, beside a bare one that replays the same bytes. */
async function firstAlone(pairs: number, entries: number, friends: number): Promise<Samples> {
  const dex = await circle(entries, friends)
  const server = await startServer(await copyOf(dex.dataDir, 'data'))
  const answers = await folder('answers')
  const bare = await startBare(answers)
  const asked = { dex, server }
  const { account } = dex
  try {
    const file = createWriteStream(join(answers, 'first'))
    await readAll(asked, (line) => file.write(`${line}\n`))
    await new Promise((done) => file.end(done))
    return await inTurns(
      pairs,
      () => timed(async () => drained(await ask(asked, { account, cursors: {} }))),
      () => timed(async () => drained(await fetch(`${bare.url}/first`, { method: 'POST', body: '{}' }))),
    )
  } finally {
    await server.stop()
    await bare.stop()
  }
}

const firstOwnAlone: Row = {
  id: 'A server',
  what: 'First pull of everything, own: the server alone, beside a replay of the same bytes',
  unit: 'ms',
  target: { words: 'grows with what there is to read', met: () => true },
  run: (pairs, entries) => firstAlone(pairs, entries, 0),
}

export const firstCircleAlone: Row = {
  id: 'D server',
  what: 'First pull of everything, circle: the server alone, beside a replay of the same bytes',
  unit: 'ms',
  target: { words: 'grows with what there is to read', met: () => true },
  run: (pairs, entries, _brief, friends = FRIENDS) => firstAlone(pairs, entries, friends),
}

const rowOf = (id: string, what: string, measure: Measured): Row => ({
  id,
  what: `${what}: the server alone, beside a replay of one line`,
  unit: 'ms',
  target: { words: 'no growth', met: () => true },
  run: (pairs, entries) => alone(pairs, entries, measure),
})

/** What the server does at each size, up to a million entries. */
export const SERVER_SIDE: readonly Row[] = [
  firstOwnAlone,
  rowOf('B server', 'Unchanged pull', unchanged),
  rowOf('C server', `Pull of ${CHANGED} changed`, changed),
  rowOf('F server', `Push of ${EDITS} edits`, pushed),
]
