import { createHmac, hash, timingSafeEqual } from 'node:crypto'
import type { FastifyRequest } from 'fastify'
import type { Context } from '../../context.ts'
import type { Db } from '../../db/db.ts'

const secrets = new WeakMap<Db, Promise<string>>()

async function readSecret(db: Db): Promise<string> {
  const row = db.read.selectFrom('secrets').select('value').where('name', '=', 'v1_pictures')
  return (await row.executeTakeFirstOrThrow()).value
}

function secretOf(db: Db): Promise<string> {
  const known = secrets.get(db) ?? readSecret(db)
  secrets.set(db, known)
  return known
}

/** Signs what one viewer is shown of one dex. */
export interface Signer {
  /** A signature for a part of the dex (an entry's id, `avatar`) and what of it. */
  sign(part: string, what: string): string
  /** How paths of pictures of the dex begin. */
  readonly folder: string
  /** Path of a picture; the same for as long as the picture is. */
  path(part: string, what: string, type: string): string
}

/**
 * Signatures for the addresses of pictures: old clients ask for those without a header. They say who asks, no more: whether that
 * viewer may see the picture is looked up on each request, so that a signature dies with the right. One key for each viewer and
 * dex; the hash of it and what is signed is cut to half, so that it can't be carried on.
 */
export async function signerFor(ctx: Pick<Context, 'db'>, viewer: string, dex: string): Promise<Signer> {
  const key = createHmac('sha256', await secretOf(ctx.db))
    .update(`${viewer}/${dex}`)
    .digest('hex')
  const sign = (part: string, what: string) => hash('sha256', `${key}/${part}/${what}`, 'base64url').slice(0, 22)
  const folder = `/api/v1/images/dex/${viewer}/${dex}/`
  return { sign, folder, path: (part, what, type) => `${folder}${part}/${what}.${sign(part, what)}.${type}` }
}

/** Compares signatures in a time that tells nothing of them. */
export function sameSignature(a: string, b: string): boolean {
  const [one, other] = [Buffer.from(a), Buffer.from(b)]
  return one.length === other.length && timingSafeEqual(one, other)
}

/** How pictures are named in addresses: by the beginning of their checksum, so that another picture has another address. */
export const pictureName = (sha256: string): string => sha256.slice(0, 32)

/** Scheme and host of absolute addresses: as it is set, or as the request said. */
export const baseOf = ({ config }: Pick<Context, 'config'>, request: FastifyRequest): string =>
  config.publicOrigin === undefined ? `${request.protocol}://${request.host}` : new URL(config.publicOrigin).origin
