import { SealBroken } from '../ports.ts'
import type { InstantSealer } from './node-sealer.ts'

const encoder = new TextEncoder()
const decoder = new TextDecoder('utf-8', { ignoreBOM: true })

/** What a column holds: text as it is, or sealed bytes. */
export type Kept = string | Uint8Array

/** Turns text into what a column holds and back. Plain text is read in either case; without a sealer it is also written. */
export interface Rows {
  keep(text: string, label: string): Kept
  /** Throws SealBroken. */
  text(kept: Kept, label: string): string
}

export function rowsWith(sealer: InstantSealer | undefined): Rows {
  return {
    keep: (text, label) => (sealer ? sealer.seal(encoder.encode(text), label) : text),
    text(kept, label) {
      if (typeof kept === 'string') return kept
      if (!sealer) throw new SealBroken()
      return decoder.decode(sealer.open(kept, label))
    },
  }
}
