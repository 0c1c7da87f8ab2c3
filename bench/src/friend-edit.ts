import { join } from 'node:path'
import { nodePorts } from '@biologidex/client/adapters/node'
import { createEngine } from '@biologidex/client/engine'
import type { DexView, Engine } from '@biologidex/client/face'
import { circle, FRIENDS } from './fixture/circle.ts'
import type { OwnDex } from './fixture/own.ts'
import { copyOf, folder } from './places.ts'
import { startBare, startServer } from './processes.ts'

/** Edits that a 95th percentile is taken of. */
const EDITS = 60
/** Own entries: what they are many of does not count here. */
const OWN_ENTRIES = 1_000

const p95 = (times: readonly number[]): number =>
  [...times].sort((a, b) => a - b)[Math.ceil(times.length * 0.95) - 1] ?? Number.NaN

async function device(url: string, account: string, token: string, name: string): Promise<Engine> {
  const dir = await folder(name)
  const engine = createEngine(nodePorts({ account, token, dir, baseUrl: url, keyFile: join(dir, 'key') }), account)
  await engine.start()
  await engine.syncNow()
  return engine
}

/** Opens a stream and reads on; resolves when it stands. */
async function listen(url: string, token: string, onData: (text: string) => void, signal: AbortSignal): Promise<void> {
  const { body } = await fetch(url, { headers: { authorization: `Bearer ${token}` }, signal })
  if (!body) throw new Error('a stream without a body')
  const reading = (async () => {
    for await (const piece of body) onData(new TextDecoder().decode(piece))
  })()
  reading.catch(() => undefined)
}

const shows = (view: DexView, entry: string, note: string): Promise<void> =>
  new Promise((resolve) => {
    const look = () => {
      if (view.entries.get(entry)?.note !== note) return
      unsubscribe()
      resolve()
    }
    const unsubscribe = view.subscribe(look)
    look()
  })

/** A friend's edits, one after another: milliseconds from each to the viewer's screen. */
async function edits(friend: Engine, view: DexView, turn: number): Promise<number[]> {
  const entries = [...view.entries.keys()]
  const times: number[] = []
  for (let n = 0; n < EDITS; n += 1) {
    const entry = entries[n % entries.length] ?? ''
    const note = `Turn ${turn}, edit ${n}.`
    const began = performance.now()
    const seen = shows(view, entry, note)
    await friend.mutate([
      { type: 'entry', id: entry, op: 'update', set: { note: { was: view.entries.get(entry)?.note ?? null, to: note } } },
    ])
    await seen
    times.push(performance.now() - began)
  }
  return times
}

/** The least there is to it: what one client posts is written to another's stream. */
async function told(url: string, heard: () => Promise<void>): Promise<number[]> {
  const times: number[] = []
  for (let n = 0; n < EDITS; n += 1) {
    const began = performance.now()
    const here = heard()
    await fetch(`${url}/told`, { method: 'POST', body: JSON.stringify({ mutations: [{ n, note: 'An edit.' }] }) })
    await here
    times.push(performance.now() - began)
  }
  return times
}

/** Both sides with 100 idle listeners each: 95th percentiles, in milliseconds, of 60 edits. */
export interface FriendEdits {
  ours(turn: number): Promise<number>
  bare(): Promise<number>
}

/** Waits for the next thing that is heard. */
function ear(): { onData(): void; next(): Promise<void> } {
  let hear = () => undefined as void
  return {
    onData: () => hear(),
    next: () =>
      new Promise((resolve) => {
        hear = resolve
      }),
  }
}

async function listenAll(dex: OwnDex, url: string, bareUrl: string, signal: AbortSignal): Promise<() => Promise<void>> {
  const nothing = () => undefined
  for (const [at, token] of dex.friendTokens.entries()) {
    await listen(`${url}/api/v2/sync/events?account=${dex.friends[at]}`, token, nothing, signal)
    await listen(`${bareUrl}/told`, token, nothing, signal)
  }
  const { onData, next } = ear()
  await listen(`${bareUrl}/told`, '', onData, signal)
  return next
}

/** A server, the viewer's device, a friend's, and the bare machine beside them. */
export async function betweenFriends<T>(work: (edits: FriendEdits) => Promise<T>): Promise<T> {
  const dex = await circle(OWN_ENTRIES, FRIENDS)
  const server = await startServer(await copyOf(dex.dataDir, 'data'))
  const bare = await startBare(await folder('answers'))
  const ending = new AbortController()
  const [account = '', token = ''] = [dex.friends[0], dex.friendTokens[0]]
  const [viewer, friend] = [
    await device(server.url, dex.account, dex.token, 'viewer'),
    await device(server.url, account, token, 'friend'),
  ]
  try {
    const next = await listenAll(dex, server.url, bare.url, ending.signal)
    const view = await viewer.openDex(account)
    return await work({
      ours: async (turn) => p95(await edits(friend, view, turn)),
      bare: async () => p95(await told(bare.url, next)),
    })
  } finally {
    ending.abort()
    await viewer.stop()
    await friend.stop()
    await server.stop()
    await bare.stop()
  }
}
