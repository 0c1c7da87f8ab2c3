import { breathe } from '../../breathe.ts'
import type { Caller, Context } from '../../context.ts'
import type { FeedHead } from '../../db/db.ts'
import type { V1Row } from '../../db/v1-queries.ts'
import { accountOf } from '../accounts/accounts.service.ts'
import { audienceOf } from '../friends/friends.service.ts'
import { type DexRequest, positionsOf } from './dex.service.ts'
import { Joiner } from './join.service.ts'
import { wantPictures } from './pictures.service.ts'
import { type TextFrame, toSyncText, toTextFrame } from './shapes.ts'
import { readSyncPayload } from './sync-payload.ts'
import { signerFor } from './urls.ts'

/**
 * Entries that are read together: some 90 kB of payloads. With 250 of them a full sync of 100,000 took 68 MB
 * instead of 19, most likely because V8 keeps texts above 128 kB apart.
 */
export const PAGE = 100
/** Pages of a dex that is read whole, one behind the other, before others' requests are let in: some milliseconds. */
const PAGES_A_TURN = 4
/** Entries of a dex that is held, in one piece of an answer. Each piece costs three looks into the database, and as many of the connection. */
export const PIECE = 400
/**
 * A dex of at most so many entries is read once, in the order in which it lies, and held as it is written, two thirds of a kilobyte each:
 * it is sent in that of discovery numbers. A larger one is read page by page, as it is sent: what is held longer outlives the young
 * part of the heap, and that grows until all of it is looked through.
 */
const WHOLE = 12_000
/** Whole dexes that are held at once for readers who may be slow, of this process. Those beyond are read page by page too. */
const WHOLES = 8

let wholes = 0

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

/** An entry as it is answered, a comma before it: a part of the bytes of its page, which are outside of the heap. */
interface Written {
  readonly seq: number
  readonly number: number
  readonly page: Buffer
  readonly from: number
  readonly to: number
}

/** Writes the entries of a page. Those without an animal, or whose animal has no number, have no place in v1. */
async function written({ joiner, frame }: Making, rows: readonly V1Row[]): Promise<Written[]> {
  const read = rows.map(({ seq, changedAt, item }) => ({ seq, changedAt, payload: readSyncPayload(item) }))
  const joined = await joiner.join(read)
  const texts = joined.map((one) => `,${toSyncText(one, frame)}`)
  const text = texts.join('')
  const page = Buffer.from(text)
  const ascii = page.length === text.length
  let to = 0
  return joined.map(({ seq, animal }, at) => {
    const from = to
    const own = texts[at] ?? ''
    to += ascii ? own.length : Buffer.byteLength(own)
    return { seq, number: animal.item.number ?? 0, page, from, to }
  })
}

/** Entries one behind the other. */
function bytesOf(found: readonly Written[]): Buffer {
  const bytes = Buffer.allocUnsafe(found.reduce((sum, { from, to }) => sum + to - from, 0))
  let at = 0
  for (const { page, from, to } of found) at += page.copy(bytes, at, from, to)
  return bytes
}

/** All of a dex, read once, in the order of discovery numbers. */
async function wholeOf(making: Making): Promise<Written[]> {
  const all: Written[] = []
  // All of one's own entries are in the feed; of another's dex only a few may be, and their pictures a few of all.
  if (making.head.kind === 'owner') await making.joiner.readAllPictures()
  for (let after = 0, pages = 1; ; pages += 1) {
    const rows = await making.ctx.db.v1.pageAfter(making.head.id, after, PAGE)
    const last = rows.at(-1)
    if (last === undefined) return all.sort((a, b) => a.number - b.number || a.seq - b.seq)
    all.push(...(await written(making, rows)))
    after = last.seq
    if (pages % PAGES_A_TURN === 0) await breathe()
  }
}

/** The entries of a page at some positions of a feed, in that order, without those that have moved meanwhile. */
async function writtenAt(making: Making, seqs: readonly number[]): Promise<Written[]> {
  return written(making, await making.ctx.db.v1.page(making.head.id, seqs))
}

async function writtenAgain(making: Making, read: readonly Written[]): Promise<Written[]> {
  const again: Written[] = []
  for (let at = 0; at < read.length; at += PAGE) {
    const seqs = read.slice(at, at + PAGE).map(({ seq }) => seq)
    again.push(...(await writtenAt(making, seqs)))
  }
  return again
}

/** The entries of a request in the order of discovery numbers: all at once where so many may be held, else a page at a time. */
async function* windowsOf(making: Making, request: DexRequest, held: number): AsyncGenerator<readonly Written[]> {
  if (request.since === undefined && request.head.live <= held && wholes < WHOLES) {
    wholes += 1
    try {
      yield await wholeOf(making)
    } finally {
      wholes -= 1
    }
    return
  }
  const seqs = await positionsOf(making.ctx, request)
  for (let at = 0; at < seqs.length; at += PAGE) yield await writtenAt(making, seqs.slice(at, at + PAGE))
}

/** Who is to be answered what. */
export interface Asked {
  readonly caller: Caller
  /** Scheme and host of the addresses of pictures. */
  readonly base: string
  readonly request: DexRequest
  /** Entries that may be held at once as they are written. */
  readonly held?: number
}

/**
 * The entries of a request as JSON, joined with commas, in pieces: memory does not grow with a large dex.
 * @param count is told how many entries each piece has
 * @throws AnswerEnded
 */
export async function* entriesOf(
  ctx: Context,
  { caller, base, request, held = WHOLE }: Asked,
  count: (entries: number) => void,
): AsyncGenerator<Buffer> {
  if (request.unchanged) return
  const { head } = request
  const { username = '' } = (await accountOf(ctx, head.owner)) ?? {}
  const signer = await signerFor(ctx, caller.account, head.owner)
  const frame = toTextFrame({ dex: head.owner, own: caller.account === head.owner, username, base, signer })
  const joiner = new Joiner(ctx, head.owner, request.namedAt, await hasPictures(ctx, head))
  const making = { ctx, head, joiner, frame }
  let first = true
  let readAt = await headOf(ctx, head)
  for await (const window of windowsOf(making, request, held)) {
    for (let at = 0; at < window.length; at += PIECE) {
      const read = window.slice(at, at + PIECE)
      // A reader may take long over what is held: once something has moved, what was read of it may be hidden by now.
      const moved = (await ctx.db.hot.rowsBetween(head.id, readAt, Number.MAX_SAFE_INTEGER)) > 0
      const found = moved ? await writtenAgain(making, read) : read
      // Asked after reading: what was read while the right stood may be sent.
      if (!(await mayGoOn(ctx, caller, head))) throw new AnswerEnded()
      if (found.length === 0) continue
      count(found.length)
      const bytes = bytesOf(found)
      yield first ? bytes.subarray(1) : bytes
      first = false
    }
    // SQLite and a fast reader let all of it be done in one turn of the event loop, that of many small dexes too.
    await breathe()
    readAt = await headOf(ctx, head)
  }
  if (joiner.lacksPictures) await wantPictures(ctx, head)
}

/** Whether there may be a PNG of an entry of a feed: also of one that came into it when its PNG was there, which moved the owner's alone. */
async function hasPictures(ctx: Context, { owner, picturedAt }: FeedHead): Promise<boolean> {
  return picturedAt > 0 || ((await ctx.db.hot.feedHead(owner, 'owner'))?.picturedAt ?? 0) > 0
}

/** Where a feed stands; further back where that is remembered and another process has written since. */
async function headOf(ctx: Context, { owner, kind }: FeedHead): Promise<number> {
  return (await ctx.db.hot.feedHead(owner, kind))?.head ?? 0
}
