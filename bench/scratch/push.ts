import { randomUUID } from 'node:crypto'
import { Agent, request } from 'node:http'
import { ownDex } from '../src/fixture/own.ts'
import { copyOf } from '../src/places.ts'
import { startServer } from '../src/processes.ts'

const dex = await ownDex()
const server = await startServer(
  await copyOf(dex.dataDir, 'd'),
  process.env.TIMED ? { NODE_OPTIONS: '--import /work/main/bench/scratch/sqltime.ts' } : {},
)
const agent = new Agent({ keepAlive: true })
const post = (path: string, body: string) =>
  new Promise<string>((res, rej) => {
    const q = request(
      new URL(path, server.url),
      { agent, method: 'POST', headers: { 'content-type': 'application/json', authorization: `Bearer ${dex.token}` } },
      async (r) => {
        let t = ''
        for await (const c of r.setEncoding('utf8')) t += c
        res(t)
      },
    )
    q.on('error', rej)
    q.end(body)
  })
const first = await post('/api/v2/sync/pull', JSON.stringify({ account: dex.account, cursors: {} }))
let cursor = first
  .split('\n')
  .filter((l) => l.startsWith('{"chunk"'))
  .map((l) => JSON.parse(l).chunk)
  .filter((c) => c.feed.startsWith('dex'))
  .at(-1).cursor
const client = randomUUID()
let n = 0
const times: number[] = []
const was = new Map<string, string>()
for (const line of first.split('\n'))
  if (line.startsWith('[')) for (const it of JSON.parse(line)) if (it.type === 'entry') was.set(it.id, it.note)
for (let t = 0; t < 25; t++) {
  const ids = dex.entries.slice(t * 100, t * 100 + 100)
  const mutations = ids.map((id) => {
    const m = {
      n: ++n,
      type: 'entry',
      id,
      op: 'update',
      set: { note: { was: was.get(id), to: `turn ${t} ${id}` } },
      at: Date.now(),
    }
    was.set(id, m.set.note.to)
    return m
  })
  const t0 = performance.now()
  const out = await post('/api/v2/sync/push', JSON.stringify({ account: dex.account, client, ack: n - 100, cursor, mutations }))
  times.push(performance.now() - t0)
  if (out.includes('rejected') || out.includes('conflicts')) throw new Error(out.slice(0, 500))
  cursor = out
    .split('\n')
    .filter((l) => l.startsWith('{"chunk"'))
    .map((l) => JSON.parse(l).chunk)
    .at(-1).cursor
}
console.log(times.map((x) => x.toFixed(0)).join(' '), (await post('/api/v2/sync/pull', '{}')).slice(0, 80))
agent.destroy()
await server.stop()
process.exit()
