import { SealBroken, type Sealer } from '../ports.ts'

/** How much is sealed at once: a picture of any size needs no more room than this over its own (I2). */
const BLOCK = 1024 * 1024
/** What sealing adds to a block: the random 96-bit IV before it, and the tag after it. */
export const IV_BYTES = 12
export const TAG_BYTES = 16
export const SEAL_BYTES = IV_BYTES + TAG_BYTES
const SEALED_BLOCK = BLOCK + SEAL_BYTES

const encoder = new TextEncoder()
const decoder = new TextDecoder('utf-8', { ignoreBOM: true })

/** The label as bytes, as sealers bind it. */
export const labelBytes = (label: string): Uint8Array<ArrayBuffer> => encoder.encode(label)

/** Seals well-formed text: JSON, or what came from the server. */
export async function sealText(sealer: Sealer, text: string, label: string): Promise<Uint8Array> {
  return sealer.seal(encoder.encode(text), label)
}

/** Rejects with SealBroken. */
export async function openText(sealer: Sealer, sealed: unknown, label: string): Promise<string> {
  if (!(sealed instanceof Uint8Array)) throw new SealBroken()
  return decoder.decode(await sealer.open(sealed, label))
}

/** True for pictures that wait to go up: on this device alone. What the server has can be fetched again, and is pixels only (I6). */
export const isOnlyHere = (key: string): boolean => key.includes('/')

/** Blocks know their number and how many there are: none can be moved, left out or added. */
const blockLabel = (label: string, i: number, of: number): string => `${label}#${i + 1}/${of}`

/** Seals bytes of any size in blocks of 1 MiB (I2). */
export async function sealBlocks(sealer: Sealer, bytes: Uint8Array, label: string): Promise<Uint8Array> {
  const count = Math.max(1, Math.ceil(bytes.length / BLOCK))
  const sealed = new Uint8Array(bytes.length + count * SEAL_BYTES)
  for (let i = 0; i < count; i += 1) {
    const block = bytes.subarray(i * BLOCK, (i + 1) * BLOCK)
    sealed.set(await sealer.seal(block, blockLabel(label, i, count)), i * SEALED_BLOCK)
  }
  return sealed
}

/** Rejects with SealBroken. */
export async function openBlocks(sealer: Sealer, sealed: Uint8Array, label: string): Promise<Uint8Array> {
  const count = Math.max(1, Math.ceil(sealed.length / SEALED_BLOCK))
  const bytes = new Uint8Array(Math.max(0, sealed.length - count * SEAL_BYTES))
  for (let i = 0; i < count; i += 1) {
    const block = sealed.subarray(i * SEALED_BLOCK, (i + 1) * SEALED_BLOCK)
    bytes.set(await sealer.open(block, blockLabel(label, i, count)), i * BLOCK)
  }
  return bytes
}
