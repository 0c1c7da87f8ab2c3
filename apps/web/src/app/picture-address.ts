/** Bytes up to which an address carries the picture itself: more than a wall's picture has. */
const SMALL = 128 * 1024

/** What newer browsers can do with bytes. */
interface InBase64 {
  readonly toBase64?: () => string
}

/**
 * An address for an `img`. For what a wall shows it is a `data:` URL, where the browser makes one quickly: an object URL is
 * registered with another process while the page stands still, for some milliseconds with each plate that scrolls by. What
 * kind of picture it is the browser sees for itself.
 */
export function addressOf(bytes: Uint8Array): string {
  const text = bytes.length <= SMALL ? (bytes as InBase64).toBase64?.() : undefined
  return text === undefined
    ? URL.createObjectURL(new Blob([bytes as Uint8Array<ArrayBuffer>]))
    : `data:image/webp;base64,${text}`
}

/** Gives back what an address holds outside the page. */
export function releaseAddress(address: string): void {
  if (address.startsWith('blob:')) URL.revokeObjectURL(address)
}
