import { SealBroken } from '../ports.ts'
import type { InstantSealer } from './node-sealer.ts'
import { SEAL_BYTES } from './sealing.ts'

const encoder = new TextEncoder()
const decoder = new TextDecoder('utf-8', { ignoreBOM: true })

/** Bytes that a Room keeps at most; a longer text gets memory of its own. */
const MOST_KEPT = 4 * 1024 * 1024
const STEP = 256 * 1024

/** Memory that is used again and again: fresh memory for a page costs the system more than encoding or sealing the page does. */
class Room {
  #bytes = new Uint8Array(0)

  /** So many bytes, whatever they hold; they are another's at the next call. */
  of(length: number): Uint8Array<ArrayBuffer> {
    if (length > MOST_KEPT) return new Uint8Array(length)
    if (this.#bytes.length < length) this.#bytes = new Uint8Array(Math.ceil(length / STEP) * STEP)
    return this.#bytes.subarray(0, length)
  }
}
const [plain, sealed] = [new Room(), new Room()]
/** UTF-8 takes no more for each of JavaScript's characters. */
const MOST_PER_CHARACTER = 3

/** The text sealed, in a room that the next call uses again. */
function sealIn(sealer: InstantSealer, text: string, label: string): Uint8Array {
  const room = plain.of(text.length * MOST_PER_CHARACTER)
  const bytes = room.subarray(0, encoder.encodeInto(text, room).written)
  return sealer.seal(bytes, label, sealed.of(bytes.length + SEAL_BYTES))
}

/** What a column holds: text as it is, or sealed bytes. */
export type Kept = string | Uint8Array

/** Turns text into what a column holds and back. Plain text is read in either case; without a sealer it is also written. */
export interface Rows {
  /** What is to be written at once: bytes are other bytes after the next call. */
  keep(text: string, label: string): Kept
  /** Throws SealBroken. */
  text(kept: Kept, label: string): string
}

export function rowsWith(sealer: InstantSealer | undefined): Rows {
  return {
    keep: (text, label) => (sealer ? sealIn(sealer, text, label) : text),
    text(kept, label) {
      if (typeof kept === 'string') return kept
      if (!sealer) throw new SealBroken()
      return decoder.decode(sealer.open(kept, label))
    },
  }
}
