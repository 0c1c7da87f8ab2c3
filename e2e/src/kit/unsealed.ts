import type { Page } from 'playwright-core'
import type { Device } from './device.ts'
import type { Needle } from './needles.ts'

/**
 * From here on, until its browser is closed, a device’s pages seal without hiding anything: all lies where and as it lies otherwise,
 * and can be looked for.
 */
export async function unseal({ context }: Device): Promise<void> {
  await context.addInitScript(() => {
    const { subtle } = crypto
    if (!subtle) return
    const TAG = 16
    const [encrypt, decrypt] = [subtle.encrypt.bind(subtle), subtle.decrypt.bind(subtle)]
    const bytesOf = (data: BufferSource): Uint8Array =>
      ArrayBuffer.isView(data) ? new Uint8Array(data.buffer, data.byteOffset, data.byteLength) : new Uint8Array(data)
    const isSealing = (how: AlgorithmIdentifier): boolean => typeof how !== 'string' && how.name === 'AES-GCM'
    subtle.encrypt = async (how, key, data) => {
      if (!isSealing(how)) return encrypt(how, key, data)
      const bytes = bytesOf(data)
      const tagged = new Uint8Array(bytes.length + TAG)
      tagged.set(bytes)
      return tagged.buffer
    }
    subtle.decrypt = async (how, key, data) => {
      if (!isSealing(how)) return decrypt(how, key, data)
      return bytesOf(data).slice(0, -TAG).buffer
    }
  })
}

/** All that the page’s storage gives to whoever asks: names, keys and values of every database, what is cached, and both storages. */
async function everythingIn(page: Page): Promise<Buffer> {
  const base64 = await page.evaluate(async () => {
    const parts: BlobPart[] = []
    const put = (part: BlobPart) => void parts.push(part, '\n')
    const settled = <T>(request: IDBRequest<T>): Promise<T> =>
      new Promise((resolve, reject) => {
        request.onsuccess = () => resolve(request.result)
        request.onerror = () => reject(request.error)
      })
    const gather = (value: unknown): void => {
      if (value instanceof Uint8Array || value instanceof ArrayBuffer || value instanceof Blob) put(value as BlobPart)
      else if (typeof value === 'object' && value !== null && !(value instanceof CryptoKey)) {
        for (const [key, one] of Object.entries(value)) {
          put(key)
          gather(one)
        }
      } else put(String(value))
    }
    for (const { name = '' } of await indexedDB.databases()) {
      const opening = indexedDB.open(name)
      // One that went since it was named must not come again.
      opening.onupgradeneeded = () => opening.transaction?.abort()
      const db = await settled(opening).catch(() => undefined)
      if (!db) continue
      put(name)
      for (const store of db.objectStoreNames) {
        const place = db.transaction(store).objectStore(store)
        const [keys, values] = await Promise.all([settled(place.getAllKeys()), settled(place.getAll())])
        gather([keys, values])
      }
      db.close()
    }
    for (const name of await caches.keys()) {
      const cache = await caches.open(name)
      for (const request of await cache.keys()) {
        put(request.url)
        put(await ((await cache.match(request)) ?? new Response()).arrayBuffer())
      }
    }
    for (const storage of [localStorage, sessionStorage]) put(JSON.stringify(storage))
    return new Promise<string>((resolve) => {
      const reader = new FileReader()
      reader.onload = () => resolve(String(reader.result))
      reader.readAsDataURL(new Blob(parts))
    })
  })
  return Buffer.from(base64.slice(base64.indexOf(',') + 1), 'base64')
}

/** The needles, by name, that any storage interface of the page gives. */
export async function givenBy(page: Page, needles: readonly Needle[]): Promise<string[]> {
  const all = await everythingIn(page)
  return needles.filter(({ forms }) => forms.some((form) => all.includes(form))).map(({ name }) => name)
}
