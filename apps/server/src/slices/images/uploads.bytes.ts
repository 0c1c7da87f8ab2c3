import type { Readable } from 'node:stream'
import { AppError } from '@biologidex/core/errors'
import type { PictureType } from '@biologidex/core/images/image'
import { SNIFF_BYTES, sniff } from '@biologidex/core/images/sniff'

/**
 * The type of a picture by its first bytes.
 * @throws AppError `not_a_picture` or `picture_type_refused`
 */
export function typeOf(head: Uint8Array): PictureType {
  const sniffed = sniff(head)
  if (sniffed.kind === 'picture') return sniffed.type
  if (sniffed.kind === 'refused') throw new AppError('picture_type_refused', { what: sniffed.what })
  throw new AppError('not_a_picture')
}

/** The first bytes, at most `count`. */
export async function firstBytes(bytes: AsyncIterable<Uint8Array>, count: number): Promise<Uint8Array> {
  let head = new Uint8Array()
  for await (const piece of bytes) {
    head = Buffer.concat([head, piece])
    if (head.length >= count) break
  }
  return head.subarray(0, count)
}

/**
 * A request's body in pieces, until it ends, is cut, or `signal` ends it. Leaving early does not close the connection:
 * the answer still has to go out over it.
 * @throws AppError `upload_state` when it is cut
 */
export async function* piecesOf(body: Readable, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  const cut = () => body.destroy(new AppError('upload_state'))
  if (signal.aborted) cut()
  signal.addEventListener('abort', cut)
  try {
    yield* body.iterator({ destroyOnReturn: false }) as AsyncIterable<Uint8Array>
  } catch {
    // How it was cut is nobody's business any more: the one who sent it is gone.
    throw new AppError('upload_state')
  } finally {
    signal.removeEventListener('abort', cut)
  }
}

/**
 * Passes bytes on, and stops before the rest of a file that its first bytes show to be none of ours.
 * @param head the bytes that came before, as many as are needed to judge
 * @throws AppError `not_a_picture` or `picture_type_refused`
 */
export async function* judged(head: Uint8Array, bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let seen = head
  for await (const piece of bytes) {
    if (seen.length < SNIFF_BYTES) {
      seen = Buffer.concat([seen, piece.subarray(0, SNIFF_BYTES - seen.length)])
      if (seen.length === SNIFF_BYTES) typeOf(seen)
    }
    yield piece
  }
}
