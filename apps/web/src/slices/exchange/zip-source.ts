import type { OldSource } from '@biologidex/client/old-data'
import { SourceRefused } from '@biologidex/core/exchange/import-codes'
import { Inflate } from 'fflate'
import { readDirectory, type ZipEntry } from './zip-directory.ts'

const LOCAL_SIGNATURE = 0x04034b50
const LOCAL_BYTES = 30
/** Bytes that are unpacked at once: what is lost where damage begins, and at the most they become a thousand times as many. */
const [LEAST_PIECE, MOST_PIECE] = [1_024, 16_384]

/** Damage may make a file longer than it was, but hardly by this much: that was made so. */
const MOST_OVER = 1_000_000

/** Unpacks into no more than what was said. Of what is damaged comes what came before the damage. */
class Unpacking {
  readonly #out: Uint8Array
  readonly #inflate: Inflate
  #at = 0
  #over = 0

  constructor(size: number) {
    this.#out = new Uint8Array(size)
    this.#inflate = new Inflate((piece) => this.#take(piece))
  }

  #take(piece: Uint8Array): void {
    const room = this.#out.length - this.#at
    this.#out.set(piece.subarray(0, room), this.#at)
    this.#at += Math.min(room, piece.length)
    this.#over += Math.max(0, piece.length - room)
    if (this.#over > MOST_OVER) throw new SourceRefused('zip_lies')
  }

  all(packed: Uint8Array): Uint8Array {
    const piece = Math.min(MOST_PIECE, Math.max(LEAST_PIECE, packed.length >> 8))
    try {
      for (let from = 0; from < packed.length; from += piece)
        this.#inflate.push(packed.subarray(from, from + piece), from + piece >= packed.length)
    } catch (error) {
      if (error instanceof SourceRefused) throw error
    }
    return this.#out.subarray(0, this.#at)
  }
}

async function unpacked(zip: Blob, { offset, end, packed, size, isDeflated }: ZipEntry): Promise<Uint8Array> {
  const head = new DataView(await zip.slice(offset, offset + LOCAL_BYTES).arrayBuffer())
  if (head.byteLength < LOCAL_BYTES || head.getUint32(0, true) !== LOCAL_SIGNATURE)
    throw new Error('no file where one was said')
  const from = offset + LOCAL_BYTES + head.getUint16(26, true) + head.getUint16(28, true)
  if (from + packed > end) throw new Error('a file that is not where it was said')
  const bytes = new Uint8Array(await zip.slice(from, from + packed).arrayBuffer())
  return isDeflated ? new Unpacking(size).all(bytes) : bytes
}

/**
 * A zip as a source: its files are unpacked one at a time, when they are asked for, and never to more than they say.
 * @throws SourceRefused when the zip is not one that can be trusted
 */
export async function zipSource(zip: Blob): Promise<OldSource> {
  const entries = new Map((await readDirectory(zip)).map((entry) => [entry.path, entry]))
  return {
    files: [...entries.values()].map(({ path, size }) => ({ path, size })),
    notices: [],
    async read(path) {
      const entry = entries.get(path)
      if (!entry) throw new Error('no such file')
      return unpacked(zip, entry)
    },
  }
}
