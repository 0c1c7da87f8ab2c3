import { SealBroken, type Sealer } from '../ports.ts'
import { IV_BYTES, labelBytes, TAG_BYTES } from './sealing.ts'

const own = (bytes: Uint8Array): Uint8Array<ArrayBuffer> => bytes as Uint8Array<ArrayBuffer>

/** A Sealer over a key that WebCrypto holds; the key need not be extractable. */
export function webSealer(key: CryptoKey): Sealer {
  return {
    async seal(bytes, label) {
      const iv = crypto.getRandomValues(new Uint8Array(IV_BYTES))
      const additionalData = labelBytes(label)
      const content = await crypto.subtle.encrypt({ name: 'AES-GCM', iv, additionalData }, key, own(bytes))
      const sealed = new Uint8Array(IV_BYTES + content.byteLength)
      sealed.set(iv)
      sealed.set(new Uint8Array(content), IV_BYTES)
      return sealed
    },
    async open(sealed, label) {
      if (sealed.length < IV_BYTES + TAG_BYTES) throw new SealBroken()
      const iv = own(sealed.subarray(0, IV_BYTES))
      const additionalData = labelBytes(label)
      try {
        const content = own(sealed.subarray(IV_BYTES))
        return new Uint8Array(await crypto.subtle.decrypt({ name: 'AES-GCM', iv, additionalData }, key, content))
      } catch (error) {
        // WebCrypto says nothing but that it did not open.
        throw error instanceof DOMException && error.name === 'OperationError' ? new SealBroken() : error
      }
    },
  }
}
