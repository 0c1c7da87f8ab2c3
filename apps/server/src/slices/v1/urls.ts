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

/** What of an entry is asked for as it was sent, whatever its bytes are. */
export const ORIGINAL = 'original'

/** Signs what one viewer is shown of one dex. */
export interface Signer {
  /** A signature for a part of the dex (an entry's id, `avatar`, a conversion) and what of it. */
  sign(part: string, what: string): string
  /** That of all pictures which are named by their checksum: nobody makes up such a name who was not told it. */
  readonly named: string
  /** The signature of a picture, by what its name says. */
  of(part: string, what: string): string
  /** How paths of pictures of the dex begin. */
  readonly folder: string
  /** Path of a picture; the same for as long as the picture is. */
  path(part: string, what: string, type: string): string
}

/**
 * Signatures for the addresses of pictures: old clients ask for those without a header. They say who asks, no more: whether that
 * viewer may see the picture is looked up on each request, so that a signature dies with the right. One key for each viewer and
 * dex; the hash of it and what is signed is cut to half, so that it can't be carried on. A full sync names ten thousand pictures: those named
 * by their checksums have one signature together, since a hash for each would be a tenth of its time.
 */
export async function signerFor(ctx: Pick<Context, 'db'>, viewer: string, dex: string): Promise<Signer> {
  const key = createHmac('sha256', await secretOf(ctx.db))
    .update(`${viewer}/${dex}`)
    .digest('hex')
  const sign = (part: string, what: string) => hash('sha256', `${key}/${part}/${what}`, 'base64url').slice(0, 22)
  const named = sign('', 'named by its checksum')
  const of = (part: string, what: string) => (what === ORIGINAL ? sign(part, what) : named)
  const folder = `/api/v1/images/dex/${viewer}/${dex}/`
  return { sign, named, of, folder, path: (part, what, type) => `${folder}${part}/${what}.${of(part, what)}.${type}` }
}

/** Compares signatures in a time that tells nothing of them. */
export function sameSignature(a: string, b: string): boolean {
  return a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b))
}

/** How pictures are named in addresses: by the beginning of their checksum, so that another picture has another address. */
export const pictureName = (sha256: string): string => sha256.slice(0, 32)

/** Scheme and host of absolute addresses: as it is set, or as the request said. */
export const baseOf = ({ config }: Pick<Context, 'config'>, request: FastifyRequest): string =>
  config.publicOrigin === undefined ? `${request.protocol}://${request.host}` : new URL(config.publicOrigin).origin
