import type { ProfileItem } from '@biologidex/core/accounts/account'
import { AppError } from '@biologidex/core/errors'
import { isUuid } from '@biologidex/core/ids'
import { primaryOf } from '@biologidex/core/images/primary'
import type { Context } from '../../context.ts'
import { findPicture } from '../images/images.service.ts'
import { readable } from '../sync/sync.service.ts'
import type { Payload } from './shapes.ts'
import { pngImageOf } from './sync-payload.ts'
import { pictureName, sameSignature, signerFor } from './urls.ts'
import { isSignedIn } from './v1.store.ts'

/** An address of a picture, in its parts: `<what>.<signature>.<type>` of an entry, or of the `avatar`. */
export interface Address {
  readonly viewer: string
  readonly dex: string
  readonly entry: string
  readonly name: string
}

/** A picture that may be shown. */
export interface Shown {
  readonly sha256: string
  readonly type: string
  /** As it was sent, not as it was made from pixels. */
  readonly original?: true
}

/** Who asks: the session's account, or the viewer whose signature the address carries, as long as they are signed in somewhere. */
async function viewerOf(
  ctx: Context,
  account: string | undefined,
  { viewer, dex, entry, name }: Address,
): Promise<string | undefined> {
  if (account !== undefined) return account
  const [what = '', signature = ''] = name.split('.')
  const signer = await signerFor(ctx, viewer, dex)
  if (!sameSignature(signature, signer.sign(entry, what))) return undefined
  return (await isSignedIn(ctx.db.read, viewer)) ? viewer : undefined
}

async function avatarOf(ctx: Context, viewer: string, dex: string, what: string): Promise<Shown | undefined> {
  const payload = await readable(ctx, viewer, dex, `profile/${dex}`)
  const avatar = payload === undefined ? undefined : (JSON.parse(payload) as ProfileItem).avatar
  return avatar && pictureName(avatar.sha256) === what ? { sha256: avatar.sha256, type: 'image/webp' } : undefined
}

/** Only its owner's feed names it (data.md), and only what came from its owner is given (I3). */
async function originalPicture(
  ctx: Context,
  viewer: string,
  at: { readonly dex: string; readonly entry: string },
  image: string | undefined,
): Promise<Shown | undefined> {
  if (image === undefined) return undefined
  try {
    const { sha256, type } = await findPicture(ctx, viewer, { ...at, image, rendition: 'original' })
    return { sha256, type, original: true }
  } catch (error) {
    if (error instanceof AppError) return undefined
    throw error
  }
}

async function entryPicture(ctx: Context, viewer: string, { dex, entry }: Address, what: string): Promise<Shown | undefined> {
  const text = await readable(ctx, viewer, dex, `entry/${entry}`)
  if (text === undefined) return undefined
  const payload = JSON.parse(text) as Payload
  if (what === 'original') {
    return originalPicture(ctx, viewer, { dex, entry }, primaryOf(payload.images, payload.primaryImage)?.id)
  }
  const image = pngImageOf(payload)
  const picture = image === undefined ? undefined : (await ctx.db.v1.pictures(dex, [entry])).get(image)
  const sha256 = picture?.sha256
  return sha256 && pictureName(sha256) === what ? { sha256, type: 'image/png' } : undefined
}

/**
 * The picture at an address, if whoever asks may see it now (I3): looked up in their own feed of that dex on each request. The
 * entry's picture by then may be another: then there is nothing here.
 */
export async function findShown(ctx: Context, account: string | undefined, address: Address): Promise<Shown | undefined> {
  const { viewer, dex, entry } = address
  if (!isUuid(viewer) || !isUuid(dex)) return undefined
  const asks = await viewerOf(ctx, account, address)
  if (asks === undefined) return undefined
  const what = address.name.split('.')[0] ?? ''
  if (entry === 'avatar') return avatarOf(ctx, asks, dex, what)
  return isUuid(entry) ? entryPicture(ctx, asks, address, what) : undefined
}
