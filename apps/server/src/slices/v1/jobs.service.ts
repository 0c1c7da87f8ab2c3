import { AppError } from '@biologidex/core/errors'
import { isUuid } from '@biologidex/core/ids'
import type { V1Transformations } from '@biologidex/core/v1/inputs'
import type { V1Conversion, V1Job } from '@biologidex/core/v1/shapes'
import { toTime } from '@biologidex/core/v1/times'
import type { Context } from '../../context.ts'
import type { V1ConversionsTable, V1JobsTable } from '../../db/tables.ts'
import { toPng } from '../images/png.service.ts'
import type { WholePicture } from '../images/take.service.ts'
import { newId } from './accounts.service.ts'
import { sameSignature, signerFor } from './urls.ts'
import * as store from './v1.store.ts'

/** How long a converted picture is kept, in milliseconds. */
const KEPT_MS = 30 * 60 * 1000
/** How long a job is. */
const JOB_MS = 30 * 24 * 60 * 60 * 1000

/** Kind of the daily job that forgets both. */
export const FORGET_JOB = 'v1 forget'

/** What a job says, as long as animals are not identified by themselves. */
const NOT_IDENTIFIED = 'This server does not identify animals by itself. Choose the animal yourself.'

/** Converts a picture and keeps it for half an hour. @throws AppError as `toPng` */
export async function convert(
  ctx: Context,
  account: string,
  original: Uint8Array,
  change: V1Transformations,
): Promise<V1ConversionsTable> {
  const { bytes, width, height, from } = await toPng(original, change)
  const sha256 = await ctx.blobs.put(bytes)
  return ctx.db.write(async (tx) => {
    const now = await tx.now()
    const row: V1ConversionsTable = {
      ...{ id: newId(), owner_id: account, sha256, size: bytes.length, width, height },
      original_size: original.length,
      original_format: from.toUpperCase(),
      created_at: now,
      expires_at: now + KEPT_MS,
    }
    await store.addConversion(tx, row)
    return row
  })
}

/** Whether a signature is that of a conversion's address, whose owner is signed in somewhere: of a deleted account nothing is given. */
async function isSigned(ctx: Context, { id, owner_id: owner }: V1ConversionsTable, signature: string): Promise<boolean> {
  const signer = await signerFor(ctx, owner, owner)
  return sameSignature(signature, signer.sign('convert', id)) && store.isSignedIn(ctx.db.read, owner)
}

/**
 * A conversion that is still here. Without an account: whoever shows the signature of its address.
 * @throws AppError not_found, alike for another's; upload_gone when its time is over
 */
export async function findConversion(
  ctx: Context,
  id: string,
  account: string | undefined,
  signature = '',
): Promise<V1ConversionsTable> {
  const row = isUuid(id) ? await store.conversionById(ctx.db.read, id) : undefined
  if (!row || !(row.owner_id === account || (await isSigned(ctx, row, signature)))) throw new AppError('not_found')
  const { now } = await ctx.db.v1.standing()
  if (now >= row.expires_at || !(await ctx.blobs.has(row.sha256))) throw new AppError('upload_gone')
  return row
}

async function downloadUrl(ctx: Context, base: string, owner: string, id: string): Promise<string> {
  const signer = await signerFor(ctx, owner, owner)
  return `${base}/api/v1/images/convert/${id}/download/?sig=${signer.sign('convert', id)}`
}

export async function toV1Conversion(ctx: Context, base: string, row: V1ConversionsTable): Promise<V1Conversion> {
  const { id, owner_id, sha256, width, height, size } = row
  return {
    id,
    download_url: await downloadUrl(ctx, base, owner_id, id),
    checksum: sha256,
    converted_size: { width, height, bytes: size },
    original_size: row.original_size,
    original_format: row.original_format,
    created_at: toTime(row.created_at),
    expires_at: toTime(row.expires_at),
  }
}

/** Takes a job for a converted picture: completed at once, with nothing detected. @throws AppError as `findConversion`, `toPng` */
export async function addJob(
  ctx: Context,
  account: string,
  conversion: string,
  change: V1Transformations,
): Promise<V1JobsTable> {
  const from = await findConversion(ctx, conversion, account)
  let { sha256, size } = from
  if (change.rotation || change.crop) {
    const { bytes } = await toPng(await ctx.blobs.readAll(sha256), change)
    sha256 = await ctx.blobs.put(bytes)
    size = bytes.length
  }
  return ctx.db.write(async (tx) => {
    const row = { id: newId(), owner_id: account, conversion_id: from.id, sha256, size, retries: 0, created_at: await tx.now() }
    await store.addJob(tx, row)
    return row
  })
}

/** @throws AppError not_found, alike for another's */
export async function findJob(ctx: Context, account: string, id: string): Promise<V1JobsTable> {
  const row = isUuid(id) ? await store.jobById(ctx.db.read, account, id) : undefined
  if (!row) throw new AppError('not_found')
  return row
}

/** Tries once more, to the same end. */
export async function retryJob(ctx: Context, account: string, id: string): Promise<V1JobsTable> {
  await findJob(ctx, account, id)
  await ctx.db.write((tx) => store.noteRetry(tx, account, id))
  return findJob(ctx, account, id)
}

/** The picture of a job, for an entry that is made of it. @throws AppError not_found, upload_gone */
export async function jobPicture(ctx: Context, account: string, id: string): Promise<WholePicture> {
  const { sha256, size } = await findJob(ctx, account, id)
  if (!(await ctx.blobs.has(sha256))) throw new AppError('upload_gone')
  return { sha256, size, mediaType: 'image/png' }
}

export async function toV1Job(ctx: Context, base: string, row: V1JobsTable): Promise<V1Job> {
  const at = toTime(row.created_at)
  return {
    id: row.id,
    status: 'completed',
    conversion_id: row.conversion_id,
    dex_compatible_url: await downloadUrl(ctx, base, row.owner_id, row.conversion_id),
    detected_animals: [],
    selected_animal_index: null,
    identified_animal: null,
    animal_details: null,
    confidence_score: null,
    error_message: NOT_IDENTIFIED,
    retry_count: row.retries,
    created_at: at,
    started_at: at,
    completed_at: at,
  }
}

/** The daily job: forgets conversions whose time is over, and old jobs. */
export async function forget(ctx: Context): Promise<void> {
  await ctx.db.write(async (tx) => {
    const now = await tx.now()
    await store.forgetBefore(tx, now, now - JOB_MS)
  })
}
