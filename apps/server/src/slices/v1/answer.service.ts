import type { Caller, Context } from '../../context.ts'
import type { FeedHead } from '../../db/db.ts'
import type { V1Page } from '../../db/v1-queries.ts'
import { accountOf } from '../accounts/accounts.service.ts'
import { audienceOf } from '../friends/friends.service.ts'
import { type DexRequest, positionsOf } from './dex.service.ts'
import { Joiner } from './join.service.ts'
import { wantPictures } from './pictures.service.ts'
import { type TextFrame, toSyncText, toTextFrame } from './shapes.ts'
import { readSyncPayload } from './sync-payload.ts'
import { signerFor } from './urls.ts'

/** Entries that are read together, and in one piece of an answer. */
const PAGE = 100
/**
 * Entries that are held at once as they are written, two thirds of a kilobyte each: they are read in the order in which they lie, and
 * sent in that of discovery numbers.
 */
const WINDOW = 12_000
/** Windows that are held at once by readers who may be slow, of this process. Those beyond get a small one. */
const WINDOWS = 8
const SMALL_WINDOW = 500

let windows = 0

/** The right to read went away while an answer was under way: it is cut off. */
export class AnswerEnded extends Error {
  constructor() {
    super('the right to read ended')
    this.name = 'AnswerEnded'
  }
}

/** Whether a viewer may still read a feed: asked anew for each piece of an answer (P7). */
async function mayGoOn(ctx: Context, caller: Caller, { id, kind, owner }: FeedHead): Promise<boolean> {
  if (!(await ctx.db.hot.sessionStands(caller.session))) return false
  if (kind === 'public' && (await audienceOf(ctx, caller.account, owner)) === undefined) return false
  return ctx.db.hot.mayRead(caller.account, id)
}

/** What the entries of one answer are written with. */
interface Making {
  readonly ctx: Context
  readonly head: FeedHead
  readonly joiner: Joiner
  readonly frame: TextFrame
}

/** At most, of a unit of a string's length in UTF-8. */
const BYTES_PER_CHAR = 3

/** An entry as it is answered, a comma before it. */
interface Written {
  readonly seq: number
  readonly number: number
  /** Outside of the heap: strings that are held so long would be moved about by every collection. */
  readonly bytes: Buffer
}

/** Writes the entries of a page. Those without an animal, or whose animal has no number, have no place in v1. */
async function written({ joiner, frame }: Making, { seqs, items, changedAt }: V1Page): Promise<Written[]> {
  const rows = items.map((item, at) => ({ payload: readSyncPayload(item), changedAt: changedAt[at] ?? 0, seq: seqs[at] ?? 0 }))
  const joined = await joiner.join(rows)
  const texts = joined.map((one) => `,${toSyncText(one, frame)}`)
  // One buffer for a page: one for each entry would take half of the time of writing them.
  const room = Buffer.allocUnsafe(BYTES_PER_CHAR * texts.reduce((sum, { length }) => sum + length, 0))
  const ends: number[] = []
  let used = 0
  for (const text of texts) {
    used += room.write(text, used)
    ends.push(used)
  }
  const page = Buffer.from(room.subarray(0, used))
  return joined.map(({ seq, animal }, at) => {
    return { seq, number: animal.item.number ?? 0, bytes: page.subarray(ends[at - 1] ?? 0, ends[at]) }
  })
}

/** Others' requests come between two pages. */
const letOthersIn = () => new Promise(setImmediate)

/** All of a dex, read once, in the order of discovery numbers. */
async function wholeOf(making: Making): Promise<Written[]> {
  const all: Written[] = []
  for (let after = 0; ; ) {
    const page = await making.ctx.db.v1.pageAfter(making.head.id, after, PAGE)
    const last = page.seqs.at(-1)
    if (last === undefined) return all.sort((a, b) => a.number - b.number || a.seq - b.seq)
    all.push(...(await written(making, page)))
    after = last
    await letOthersIn()
  }
}

/** The entries at some positions of a feed, in that order, without those that have moved meanwhile. */
async function writtenAt(making: Making, seqs: readonly number[]): Promise<Written[]> {
  const found = new Map<number, Written>()
  const lying = Float64Array.from(seqs).sort()
  for (let at = 0; at < lying.length; at += PAGE) {
    const page = await making.ctx.db.v1.page(making.head.id, [...lying.subarray(at, at + PAGE)])
    for (const one of await written(making, page)) found.set(one.seq, one)
    await letOthersIn()
  }
  return seqs.flatMap((seq) => found.get(seq) ?? [])
}

const writtenAgain = (making: Making, read: readonly Written[]) =>
  writtenAt(
    making,
    Array.from(read, ({ seq }) => seq),
  )

/** The entries of a request in the order of discovery numbers, as many at a time as are held. */
async function* windowsOf(making: Making, request: DexRequest, held: number): AsyncGenerator<readonly Written[]> {
  if (request.since === undefined && request.head.live <= held) {
    yield await wholeOf(making)
    return
  }
  const seqs = await positionsOf(making.ctx, request)
  for (let at = 0; at < seqs.length; at += held) yield await writtenAt(making, seqs.slice(at, at + held))
}

/** Who is to be answered what. */
export interface Asked {
  readonly caller: Caller
  /** Scheme and host of the addresses of pictures. */
  readonly base: string
  readonly request: DexRequest
  /** Entries that are held at once as they are written. */
  readonly window?: number
}

/**
 * The entries of a request as JSON, joined with commas, in pieces: a window of them at most is in memory.
 * @param count is told how many entries each piece has
 * @throws AnswerEnded
 */
export async function* entriesOf(ctx: Context, asked: Asked, count: (entries: number) => void): AsyncGenerator<Buffer> {
  windows += 1
  try {
    yield* entriesIn(ctx, { window: windows > WINDOWS ? SMALL_WINDOW : WINDOW, ...asked }, count)
  } finally {
    windows -= 1
  }
}

async function* entriesIn(
  ctx: Context,
  { caller, base, request, window: held }: Required<Asked>,
  count: (entries: number) => void,
): AsyncGenerator<Buffer> {
  if (request.unchanged) return
  const { head } = request
  const { username = '' } = (await accountOf(ctx, head.owner)) ?? {}
  const signer = await signerFor(ctx, caller.account, head.owner)
  const frame = toTextFrame({ dex: head.owner, username, base, signer })
  const joiner = new Joiner(ctx, head.owner, request.namedAt, head.picturedAt > 0)
  const making = { ctx, head, joiner, frame }
  let first = true
  let readAt = await headOf(ctx, head)
  for await (const window of windowsOf(making, request, held)) {
    for (let at = 0; at < window.length; at += PAGE) {
      const read = window.slice(at, at + PAGE)
      // A reader may take long over a window: once something has moved, what was read of it may be hidden by now.
      const moved = (await ctx.db.hot.rowsBetween(head.id, readAt, Number.MAX_SAFE_INTEGER)) > 0
      const found = moved ? await writtenAgain(making, read) : read
      // Asked after reading: what was read while the right stood may be sent.
      if (!(await mayGoOn(ctx, caller, head))) throw new AnswerEnded()
      if (found.length === 0) continue
      count(found.length)
      const bytes = Buffer.concat(found.map((one) => one.bytes))
      yield first ? bytes.subarray(1) : bytes
      first = false
    }
    readAt = await headOf(ctx, head)
  }
  if (joiner.lacksPictures) await wantPictures(ctx, head)
}

/** Where a feed stands; further back where that is remembered and another process has written since. */
async function headOf(ctx: Context, { owner, kind }: FeedHead): Promise<number> {
  return (await ctx.db.hot.feedHead(owner, kind))?.head ?? 0
}
