import type { BlobFound } from '../../blobs/blob-store.ts'
import type { Context } from '../../context.ts'
import { endLostUploads, markLoose, marksOf, referenced, unmark, unmarkBefore } from './garbage.store.ts'
import { emptyBin } from './purge.service.ts'
import { uploadsAmong } from './uploads.store.ts'

/** Kind of the daily job that collects garbage (I5); its payload is the checksum after which it goes on, or nothing. */
export const SWEEP_JOB = 'sweep-pictures'

const DAY = 24 * 60 * 60 * 1000
/** Blobs that are looked up together. */
const BATCH = 500
/** Blobs that one run looks at: other jobs get their turn between. */
const STRETCH = 20_000
/** Marks older than this are of bytes that no walk has met. */
const OLDEST_MARK = 7 * DAY

/** In groups of at most `BATCH`. */
async function* inBatches<T>(all: AsyncIterable<T>): AsyncGenerator<T[]> {
  let batch: T[] = []
  for await (const one of all) {
    if (batch.push(one) < BATCH) continue
    yield batch
    batch = []
  }
  if (batch.length > 0) yield batch
}

/** Removes a blob if nothing refers to it at the last moment either, when it can no longer be read. */
async function collect({ db, blobs }: Context, sha256: string): Promise<boolean> {
  return blobs.remove(sha256, async (age) => {
    if (age < DAY) return false
    // Nobody can come to refer to bytes from before without sending them again, or having a row that names them: a look at
    // what is committed is enough, whoever's lock is held.
    return (await referenced(db, db.read, [sha256])).size === 0
  })
}

/** Marks what nothing refers to, and collects what has been marked for a day (I5). Answers the bytes that went, by blob. */
async function sweepBatch(ctx: Context, batch: readonly BlobFound[]): Promise<number[]> {
  const checksums = batch.map(({ sha256 }) => sha256)
  const used = await referenced(ctx.db, ctx.db.read, checksums)
  const loose = batch.filter(({ sha256 }) => !used.has(sha256))
  const marks = await marksOf(ctx.db.read, checksums)
  const unmarked = loose.map(({ sha256 }) => sha256).filter((sha256) => !marks.has(sha256))
  const wrong = [...marks.keys()].filter((sha256) => used.has(sha256))
  if (loose.length === 0 && wrong.length === 0) return []
  const now = await ctx.db.write(async (tx) => {
    await markLoose(tx, unmarked)
    await unmark(tx, wrong)
    return tx.now()
  })
  const gone: BlobFound[] = []
  for (const blob of loose) {
    const due = blob.age >= DAY && now - (marks.get(blob.sha256) ?? now) >= DAY
    if (due && (await collect(ctx, blob.sha256))) gone.push(blob)
  }
  await ctx.db.write((tx) =>
    unmark(
      tx,
      gone.map(({ sha256 }) => sha256),
    ),
  )
  return gone.map(({ size }) => size)
}

/** Looks at the blobs after a checksum, as many as one run takes; `next` is where the next one goes on. */
async function sweepBlobs(ctx: Context, after: string): Promise<{ seen: number; sizes: number[]; next?: string }> {
  const sizes: number[] = []
  let seen = 0
  for await (const batch of inBatches(ctx.blobs.list(after))) {
    sizes.push(...(await sweepBatch(ctx, batch)))
    seen += batch.length
    const last = batch.at(-1)?.sha256
    if (seen >= STRETCH && last) return { seen, sizes, next: last }
  }
  return { seen, sizes }
}

/** Drops what has arrived of uploads that are no more. */
async function sweepDrafts({ db, blobs }: Context): Promise<number> {
  let dropped = 0
  for await (const batch of inBatches(blobs.drafts())) {
    const old = batch.filter(({ age }) => age >= DAY).map(({ name }) => name)
    const wanted = old.length > 0 ? await uploadsAmong(db.read, old) : new Set()
    for (const name of old) {
      if (wanted.has(name)) continue
      await blobs.draft(name).drop()
      dropped += 1
    }
  }
  return dropped
}

/** The job: empties the bin, drops lost drafts, collects bytes; in stretches. Run again, it comes to the same end. */
export async function runSweepJob(ctx: Context, after: string): Promise<void> {
  if (after === '') {
    const pictures = await emptyBin(ctx)
    const uploads = await ctx.db.write(async (tx) => {
      await unmarkBefore(tx, (await tx.now()) - OLDEST_MARK)
      return endLostUploads(tx)
    })
    const drafts = await sweepDrafts(ctx)
    ctx.log.info({ pictures, uploads, drafts }, 'the bin of pictures was emptied')
  }
  const { seen, sizes, next } = await sweepBlobs(ctx, after)
  const bytes = sizes.reduce((sum, size) => sum + size, 0)
  ctx.log.info({ seen, collected: sizes.length, bytes }, 'pictures that nothing refers to were collected')
  if (next) await ctx.db.write((tx) => ctx.jobs.enqueue(tx, SWEEP_JOB, next))
}
