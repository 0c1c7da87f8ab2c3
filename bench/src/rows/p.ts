import { randomBytes } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { User } from '../at-work.ts'
import { circle, FRIENDS } from '../fixture/circle.ts'
import { photograph, THREE_MEGAPIXELS } from '../fixture/photograph.ts'
import { inTurns, type Samples } from '../pairs.ts'
import { copyOf, folder } from '../places.ts'
import { startBare, startServer } from '../processes.ts'
import type { Row } from '../row.ts'

const USERS = 50
/** How often each of them does what, in seconds. */
const EVERY = { pull: 5, edit: 20, photo: 120 }
/** How long they are watched. */
const SECONDS = 60
/** Pairs of minutes, of which each takes two. */
const MOST_PAIRS = 3
/** Own entries of the one who knows them all. */
const OWN_ENTRIES = 1_000
const SEED = 50_000

type Deed = keyof typeof EVERY

interface Does {
  readonly at: number
  readonly user: number
  readonly deed: Deed
}

/** Who does what when, in milliseconds: each at their own pace, spread evenly. */
function plan(): Does[] {
  const all = (Object.keys(EVERY) as Deed[]).flatMap((deed) => {
    const every = EVERY[deed] * 1000
    return Array.from({ length: USERS }, (_, user) => user).flatMap((user) => {
      const first = (user / USERS) * every
      const times = Math.max(0, Math.ceil((SECONDS * 1000 - first) / every))
      return Array.from({ length: times }, (_, turn) => ({ at: first + turn * every, user, deed }))
    })
  })
  return all.sort((a, b) => a.at - b.at)
}

const p95 = (times: readonly number[]): number =>
  [...times].sort((a, b) => a - b)[Math.ceil(times.length * 0.95) - 1] ?? Number.NaN

/** Lets everybody do what is planned, whether the one before was answered or not; resolves when all was. */
async function atWork(act: (does: Does) => Promise<void>): Promise<void> {
  const began = performance.now()
  const under: Promise<void>[] = []
  for (const does of plan()) {
    const wait = began + does.at - performance.now()
    if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait))
    const doing = act(does)
    // Told when all are through, and not before anybody asks.
    doing.catch(() => undefined)
    under.push(doing)
  }
  await Promise.all(under)
}

type PhotoOf = (user: number) => Uint8Array<ArrayBuffer>

/** Milliseconds of each request of a minute's work. */
async function ours(users: readonly User[], photoOf: PhotoOf): Promise<number[]> {
  for (const { times } of users) times.length = 0
  // A device sends its changes one after another.
  const turns = users.map(() => Promise.resolve())
  await atWork(({ user, deed }) => {
    const act = () => (deed === 'photo' ? users[user]?.photo(photoOf(user)) : users[user]?.[deed]())
    const turn = (turns[user] ?? Promise.resolve()).then(act)
    turns[user] = turn
    return turn
  })
  return users.flatMap(({ times }) => times)
}

const PLAIN = {
  pull: { path: 'unchanged', body: '{}' },
  edit: { path: 'push', body: '{"mutations":[{"n":1,"note":"A note."}]}' },
}

/** The same of a bare server, which takes photos in and makes nothing of them. */
async function plain(url: string, photoOf: PhotoOf): Promise<number[]> {
  const times: number[] = []
  await atWork(async ({ user, deed }) => {
    const began = performance.now()
    const { path, body } = deed === 'photo' ? { path: 'unchanged', body: photoOf(user) } : PLAIN[deed]
    await (await fetch(`${url}/${path}`, { method: 'POST', body })).text()
    times.push(performance.now() - began)
  })
  return times
}

/** The same photograph with a comment of its own: bytes that the server has already it would not ask for again. */
function another(photo: Uint8Array): Uint8Array<ArrayBuffer> {
  const words = randomBytes(16)
  const comment = Buffer.from([0xff, 0xfe, 0, words.length + 2, ...words])
  const afterStart = 2
  return new Uint8Array(Buffer.concat([photo.subarray(0, afterStart), comment, photo.subarray(afterStart)]))
}

async function fiftyUsers(pairs: number): Promise<Samples> {
  const dex = await circle(OWN_ENTRIES, FRIENDS)
  const photos = await Promise.all(Array.from({ length: USERS }, (_, at) => photograph(SEED + at, THREE_MEGAPIXELS)))
  const photoOf: PhotoOf = (user) => another(photos[user] ?? Buffer.alloc(0))
  const answers = await folder('answers')
  await writeFile(join(answers, 'unchanged'), '{"unchanged":true}\n')
  await writeFile(join(answers, 'push'), '{"results":[]}\n')
  const server = await startServer(await copyOf(dex.dataDir, 'data'))
  const bare = await startBare(answers)
  const users = dex.friendTokens.slice(0, USERS).map((token, at) => new User(server.url, dex.friends[at] ?? '', token))
  try {
    for (const user of users) await user.pull()
    return await inTurns(
      Math.min(pairs, MOST_PAIRS),
      async () => p95(await ours(users, photoOf)),
      async () => p95(await plain(bare.url, photoOf)),
      0,
    )
  } finally {
    await server.stop()
    await bare.stop()
  }
}

export const usersAtWork: Row = {
  id: 'P',
  what: `${USERS} users at work for a minute, each with a pull every ${EVERY.pull} s, an edit every ${EVERY.edit} s, a photo of 3 megapixels every ${EVERY.photo} s: p95 of all requests; beside a bare server of the same pace`,
  unit: 'ms',
  target: { words: '< 50 ms', met: (ours) => ours < 50 },
  run: fiftyUsers,
}
