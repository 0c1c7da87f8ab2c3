import { AppError } from '@biologidex/core/errors'
import { breathe } from '../../breathe.ts'
import type { Context } from '../../context.ts'
import type { FeedHead } from '../../db/db.ts'
import { originalOf, toPng } from '../images/png.service.ts'
import { readSyncPayload } from './sync-payload.ts'
import { putPicture } from './v1.store.ts'

/** Kind of the job that makes PNGs of a dex for v1 clients; its payload is JSON of `PictureJob`. */
export const PICTURES_JOB = 'v1 pictures'

/** Pictures in one run: other jobs get their turn between. */
const AT_ONCE = 4
/** Entries that are looked at together. */
const STRETCH = 100

interface PictureJob {
  readonly dex: string
  readonly kind: string
  /** Position in the feed after which it goes on. */
  readonly after: number
}

const begun = new Set<string>()
const nameOf = ({ dex, kind }: Pick<PictureJob, 'dex' | 'kind'>): string => `${dex}/${kind}`

/** Has the PNGs made that an answer lacked: once a v1 client reads a dex, and never otherwise. */
export async function wantPictures(ctx: Context, { owner: dex, kind }: FeedHead): Promise<void> {
  const name = nameOf({ dex, kind })
  if (begun.has(name)) return
  begun.add(name)
  const job: PictureJob = { dex, kind, after: 0 }
  try {
    await ctx.db.write((tx) => ctx.jobs.enqueue(tx, PICTURES_JOB, JSON.stringify(job)))
  } catch (error) {
    begun.delete(name)
    throw error
  }
}

interface Lacking {
  /** Its entry's position in the feed. */
  readonly seq: number
  readonly entry: string
  readonly image: string
}

/** Entries of a stretch of a feed whose picture has no PNG, with the position where the stretch ends. */
async function lackingAfter(ctx: Context, feed: number, owner: string, after: number) {
  const stretch = await ctx.db.v1.stretch({ feed, owner, after, limit: STRETCH, since: undefined })
  if (stretch.last === undefined) return { lacking: [], last: undefined }
  const rows = (await ctx.db.v1.page(feed, stretch.seqs)).map(({ seq, item }) => ({ seq, payload: readSyncPayload(item) }))
  const ids = rows.map(({ payload }) => payload.id)
  const there = await ctx.db.v1.pictures(owner, ids)
  const lacking = rows.flatMap(({ seq, payload }): Lacking[] => {
    const { id: entry, png: image } = payload
    return image === undefined || there.has(image) ? [] : [{ seq, entry, image }]
  })
  return { lacking, last: stretch.last }
}

/** The PNG of an image, kept; null when none can be made of it, undefined when its bytes are not here. */
async function makePng(
  ctx: Context,
  owner: string,
  image: string,
): Promise<{ sha256: string; size: number } | null | undefined> {
  const original = await originalOf(ctx, owner, image)
  if (!original) return undefined
  try {
    const { bytes } = await toPng(original)
    return { sha256: await ctx.blobs.put(bytes), size: bytes.length }
  } catch (error) {
    if (error instanceof AppError) return null
    throw error
  }
}

async function makeOne(ctx: Context, owner: string, { entry, image }: Lacking): Promise<void> {
  const png = await makePng(ctx, owner, image)
  await ctx.db.write(async (tx) => {
    if (!(await tx.lockOwner(owner))) return
    const row = tx.q.selectFrom('images').select('id').where('owner_id', '=', owner).where('id', '=', image)
    // Gone for good meanwhile: there is nothing that it would be a picture of.
    if (!(await row.executeTakeFirst())) return
    const [sha256, size] = [png?.sha256 ?? null, png?.size ?? null]
    await putPicture(tx, { owner_id: owner, image_id: image, entry_id: entry, sha256, size, made_at: await tx.now() })
  })
}

/** The job: makes a few of the PNGs that a dex lacks for its readers, and goes on in another. Run again, it comes to the same end. */
export async function runPicturesJob(ctx: Context, payload: string): Promise<void> {
  const job = JSON.parse(payload) as PictureJob
  const head = await ctx.db.hot.feedHead(job.dex, job.kind)
  let { after } = job
  for (let made = 0; head && made < AT_ONCE; ) {
    // Others' requests come between two looks.
    await breathe()
    const { lacking, last } = await lackingAfter(ctx, head.id, job.dex, after)
    const some = lacking.slice(0, AT_ONCE - made)
    for (const one of some) await makeOne(ctx, job.dex, one)
    made += some.length
    if (last === undefined) {
      begun.delete(nameOf(job))
      return
    }
    // Where a stretch has more than this run makes, the next run goes on behind what this one made.
    after = some.length === lacking.length ? last : (some.at(-1)?.seq ?? after)
  }
  if (!head) begun.delete(nameOf(job))
  else await ctx.db.write((tx) => ctx.jobs.enqueue(tx, PICTURES_JOB, JSON.stringify({ ...job, after })))
}
