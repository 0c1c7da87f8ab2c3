import { randomInt, randomUUID } from 'node:crypto'
import { DEFAULT_SETTINGS, type Settings } from '@biologidex/core/accounts/account'
import { CODE_LENGTH, CODE_LETTERS } from '@biologidex/core/friends/friend'
import type { Rendition } from '@biologidex/core/images/image'
import { LIMITS } from '@biologidex/core/limits'
import type { FieldChange, Mutation, MutationResult } from '@biologidex/core/sync/mutation'
import type { Chunk, Hello } from '@biologidex/core/sync/wire'
import type { Context } from '@biologidex/server/context'
import type { Db } from '@biologidex/server/db/db'
import { createJobQueue } from '@biologidex/server/jobs/queue'
import { republishEntries } from '@biologidex/server/slices/entries/entries.service'
import { registerReprojectJobs } from '@biologidex/server/slices/entries/reproject.service'
import { createCatalogue, createDex } from '@biologidex/server/slices/sync/feed-writer'
import { Nudges } from '@biologidex/server/slices/sync/nudges'
import { push } from '@biologidex/server/slices/sync/push.service'
import { pull } from '@biologidex/server/slices/sync/sync.service'

const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined } as unknown as Context['log']

/**
 * The parts of a server that sync needs, on a database that is open: no HTTP, no pictures' bytes. Jobs wait until `jobs` is
 * started; stop it before the database closes.
 */
export async function syncContext(db: Db): Promise<Context> {
  await db.write(createCatalogue)
  const ctx = { db, nudges: new Nudges(), jobs: createJobQueue(db, quiet), log: quiet } as unknown as Context
  registerReprojectJobs(ctx)
  return ctx
}

/** What a pull answered, line by line put together. */
export interface Pulled {
  readonly unchanged: boolean
  readonly hello?: Hello
  readonly chunks: { readonly chunk: Chunk; readonly items: { type: string; id: string; [field: string]: unknown }[] }[]
  readonly digest?: string
}

/** The lines of an answer, however it was cut into pieces. */
async function* wholeLines(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  let begun = ''
  for await (const piece of pieces) {
    const lines = (begun + Buffer.from(piece).toString()).split('\n')
    begun = lines.pop() ?? ''
    yield* lines
  }
}

/** One device of one account, speaking to the services directly. */
export class TestDevice {
  readonly ctx: Context
  readonly account: string
  client = randomUUID() as string
  n = 0

  constructor(ctx: Context, account: string) {
    this.ctx = ctx
    this.account = account
  }

  /** Numbers a change. */
  change(type: string, id: string, op: Mutation['op'], set?: Record<string, FieldChange>): Mutation {
    this.n += 1
    return { n: this.n, type, id, op, ...(set ? { set } : {}) }
  }

  async push(mutations: Mutation[], ack = 0): Promise<MutationResult[]> {
    const caller = { account: this.account, session: 'none', device: `device of ${this.account}` }
    return (await push(this.ctx, caller, { account: this.account, client: this.client, ack, mutations })).results
  }

  /** Pulls until `chunks` chunks have come (all of them by default), as if the answer were cut there. */
  async pull(
    cursors: Record<string, string> = {},
    options: { digest?: string; only?: string[]; chunks?: number; between?: () => Promise<void> } = {},
  ): Promise<Pulled> {
    const request = { account: this.account, cursors, digest: options.digest, only: options.only }
    const answer = await pull(this.ctx, request, async () => true)
    if (answer.kind === 'unchanged') return { unchanged: true, chunks: [] }
    let hello: Hello | undefined
    let digest: string | undefined
    const chunks: Pulled['chunks'] = []
    let announced: Chunk | undefined
    for await (const text of wholeLines(answer.lines)) {
      if (announced) {
        chunks.push({ chunk: announced, items: JSON.parse(text) as never })
        announced = undefined
        if (chunks.length === options.chunks) break
        await options.between?.()
        continue
      }
      const line = JSON.parse(text) as { hello?: Hello; chunk?: Chunk; end?: { digest: string } }
      hello ??= line.hello
      digest = line.end?.digest
      announced = line.chunk
    }
    return { unchanged: false, hello, chunks, digest }
  }
}

/** A new account with an empty dex. */
export async function newDevice(ctx: Context, settings: Settings = DEFAULT_SETTINGS): Promise<TestDevice> {
  const id = randomUUID()
  const name = id.slice(0, 8)
  await ctx.db.write(async (tx) => {
    const row = {
      id,
      username: name,
      username_folded: name,
      display_name: name,
      email: null,
      password_hash: '',
      friend_code: Array.from({ length: CODE_LENGTH }, () => CODE_LETTERS.charAt(randomInt(CODE_LETTERS.length))).join(''),
      bio: null,
      avatar: null,
      seal: '00'.repeat(32),
      guardian_id: null,
    }
    await tx.q
      .insertInto('accounts')
      .values({ ...row, role: 'member', settings: JSON.stringify(settings), created_at: 1 })
      .execute()
    await createDex(tx, id)
  })
  return new TestDevice(ctx, id)
}

/** Makes two accounts friends, as their devices would. */
export async function befriended(one: TestDevice, other: TestDevice): Promise<void> {
  await one.push([one.change('friend', other.account, 'create')])
  await other.push([other.change('friend', one.account, 'update', { state: { to: 'friends' } })])
}

/**
 * Announces a picture of an entry and makes it ready, as if it had been uploaded and worked on.
 * @param kept bytes that the server has: the picture's and all that was made of it
 */
export async function readyPicture(device: TestDevice, entry: string, kept?: Rendition): Promise<string> {
  const image = randomUUID()
  const { sha256, size } = kept ?? { sha256: 'a'.repeat(64), size: 10 }
  const set = { entry: { to: entry }, sha256: { to: sha256 }, size: { to: size }, mediaType: { to: 'image/jpeg' } }
  await device.push([device.change('image', image, 'create', set)])
  await device.ctx.db.write(async (tx) => {
    await tx.lockOwner(device.account)
    const rendition = kept ?? { sha256: 'b'.repeat(64), size: 5 }
    await tx.q
      .updateTable('images')
      .set({ state: 'ready', width: 4, height: 3, renditions: JSON.stringify({ wall: rendition, screen: rendition }) })
      .where('owner_id', '=', device.account)
      .where('id', '=', image)
      .execute()
    await republishEntries(tx, device.ctx.nudges, device.account, [entry])
  })
  return image
}

/** Keeps many entries at once, each with a picture that is ready: 250 at most. */
export async function keepMany(
  device: TestDevice,
  entries: readonly string[],
  set: Record<string, FieldChange>,
): Promise<void> {
  const picture = { sha256: { to: 'a'.repeat(64) }, size: { to: 10 }, mediaType: { to: 'image/jpeg' } }
  const changes = entries.flatMap((entry) => [
    device.change('entry', entry, 'create', set),
    device.change('image', entry, 'create', { entry: { to: entry }, ...picture }),
  ])
  await device.push(changes)
  const { db, nudges } = device.ctx
  const rendition = { sha256: 'b'.repeat(64), size: 5 }
  const ready = { state: 'ready', width: 4, height: 3, renditions: JSON.stringify({ wall: rendition, screen: rendition }) }
  await db.write(async (tx) => {
    await tx.lockOwner(device.account)
    await tx.q.updateTable('images').set(ready).where('owner_id', '=', device.account).where('id', 'in', entries).execute()
    await republishEntries(tx, nudges, device.account, entries)
  })
}

/** Where a feed stands. */
export async function headOf(ctx: Context, owner: string, kind: string): Promise<number> {
  return (await ctx.db.hot.feedHead(owner, kind))?.head ?? -1
}

/** Folds what pulls brought into one state, as a device keeps it: item key to item. */
export function fold(state: Map<string, unknown>, pulled: Pulled, feed: string): Map<string, unknown> {
  for (const { chunk, items } of pulled.chunks) {
    if (chunk.feed !== feed) continue
    for (const item of items) state.set(`${item.type}/${item.id}`, item)
    for (const key of chunk.removed ?? []) state.delete(key)
  }
  return state
}

export const ROWS = LIMITS.rowsPerChunk
