import { createHash, randomBytes } from 'node:crypto'
import type { BlobStore } from '@biologidex/server/blobs/blob-store'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'

/** A store to try, and how to open it again as a new process would, and to clear it away. */
export interface BlobStoreUnderTest {
  readonly store: BlobStore
  reopen(): Promise<BlobStore>
  /** Makes a blob and every draft look as if they had come so many milliseconds ago. */
  age(sha256: string, ms: number): Promise<void>
  dispose(): Promise<void>
}

export const sha256Of = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')

/** Bytes in pieces of at most `size`, as a request body brings them; then a cut, if there is to be one. */
export async function* inPieces(bytes: Uint8Array, size = 7, cut?: Error): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
  if (cut) throw cut
}

async function gather(pieces: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const all: Uint8Array[] = []
  for await (const piece of pieces) all.push(piece)
  return Buffer.concat(all)
}

/** What every BlobStore must do (I1, I2, O8). */
export function blobStoreContract(name: string, open: () => Promise<BlobStoreUnderTest>): void {
  describe(`${name} keeps blobs`, () => {
    let made: BlobStoreUnderTest
    let store: BlobStore
    beforeEach(async () => {
      made = await open()
      store = made.store
    })
    afterEach(() => made.dispose())

    /** A hash compares quicker than the bytes, which vitest would walk one by one. */
    async function expectBlob(from: BlobStore, bytes: Uint8Array): Promise<void> {
      const sha256 = sha256Of(bytes)
      expect(await from.has(sha256)).toBe(true)
      expect(await from.size(sha256)).toBe(bytes.length)
      expect(sha256Of(await from.readAll(sha256))).toBe(sha256)
      expect(sha256Of(await gather(from.read(sha256)))).toBe(sha256)
    }

    it('says that what it never had is not there', async () => {
      const sha256 = sha256Of(randomBytes(8))
      expect(await store.has(sha256)).toBe(false)
      expect(await store.size(sha256)).toBeUndefined()
      await expect(store.readAll(sha256)).rejects.toThrow()
      await expect(gather(store.read(sha256))).rejects.toThrow()
    })

    it('puts bytes, any number of times, under their SHA-256 (I1)', async () => {
      const bytes = randomBytes(100_000)
      expect(await Promise.all([store.put(bytes), store.put(bytes)])).toEqual([sha256Of(bytes), sha256Of(bytes)])
      expect(await store.put(bytes)).toBe(sha256Of(bytes))
      await expectBlob(store, bytes)
      await expectBlob(await made.reopen(), bytes)
    })

    it('keeps a draft exactly when it hashes to what was announced', async () => {
      const bytes = randomBytes(5_000)
      const draft = store.draft('one')
      expect(await draft.append(0, inPieces(bytes, 999), bytes.length)).toBe(bytes.length)
      expect(await draft.sha256()).toBe(sha256Of(bytes))
      expect(await store.has(sha256Of(bytes))).toBe(false)
      const other = sha256Of(randomBytes(8))
      expect(await draft.keep(other)).toBe(false)
      expect(await store.has(other)).toBe(false)
      expect(await draft.keep(sha256Of(bytes))).toBe(true)
      expect(await draft.length()).toBe(0)
      await expectBlob(store, bytes)
    })

    it('keeps the same bytes twice as one', async () => {
      const bytes = randomBytes(3_000)
      for (const name of ['one', 'two']) {
        await store.draft(name).append(0, inPieces(bytes, 1_000), bytes.length)
        expect(await store.draft(name).keep(sha256Of(bytes))).toBe(true)
      }
      await expectBlob(store, bytes)
    })

    it('never keeps an empty draft', async () => {
      expect(await store.draft('empty').keep(sha256Of(new Uint8Array()))).toBe(false)
    })

    it('goes on at any cut, also in a new process, with exactly the same bytes (I2)', async () => {
      const cuts = fc.array(fc.nat({ max: 300 }), { maxLength: 6 })
      await fc.assert(
        fc.asyncProperty(fc.uint8Array({ minLength: 1, maxLength: 300 }), cuts, fc.uuid(), async (bytes, points, name) => {
          let at = 0
          for (const point of points.map((p) => Math.min(p, bytes.length)).sort((a, b) => a - b)) {
            const cut = new Error('cut')
            const draft = (await made.reopen()).draft(name)
            await expect(draft.append(at, inPieces(bytes.subarray(at, point), 64, cut), bytes.length)).rejects.toBe(cut)
            at = await (await made.reopen()).draft(name).length()
            expect(at).toBe(point)
          }
          const draft = store.draft(name)
          expect(await draft.append(at, inPieces(bytes.subarray(at)), bytes.length)).toBe(bytes.length)
          expect(await draft.keep(sha256Of(bytes))).toBe(true)
          await expectBlob(store, bytes)
        }),
        { numRuns: 15 },
      )
    })

    it('refuses to append anywhere but at the end', async () => {
      const draft = store.draft('one')
      await draft.append(0, inPieces(Buffer.from('abc')), 10)
      for (const offset of [0, 2, 4]) {
        await expect(draft.append(offset, inPieces(Buffer.from('x')), 10)).rejects.toMatchObject({
          code: 'upload_state',
          details: { offset: 3 },
        })
      }
      expect(await draft.length()).toBe(3)
    })

    it('takes nothing past the limit, and keeps what fits', async () => {
      const draft = store.draft('one')
      await expect(draft.append(0, inPieces(Buffer.from('abcdef'), 2), 5)).rejects.toMatchObject({ code: 'too_large' })
      expect(await draft.length()).toBe(4)
    })

    it('shows the first bytes of a draft', async () => {
      const draft = store.draft('one')
      expect(await draft.head(4)).toHaveLength(0)
      await draft.append(0, inPieces(Buffer.from('abcdef')), 10)
      expect(Buffer.from(await draft.head(4)).toString()).toBe('abcd')
      expect(Buffer.from(await draft.head(40)).toString()).toBe('abcdef')
    })

    it('hashes anew after an append', async () => {
      const draft = store.draft('one')
      await draft.append(0, inPieces(Buffer.from('abc')), 10)
      expect(await draft.sha256()).toBe(sha256Of(Buffer.from('abc')))
      await draft.append(3, inPieces(Buffer.from('def')), 10)
      expect(await draft.sha256()).toBe(sha256Of(Buffer.from('abcdef')))
    })

    it('drops a draft, there or not', async () => {
      const draft = store.draft('one')
      await draft.append(0, inPieces(Buffer.from('abc')), 10)
      await draft.drop()
      await draft.drop()
      expect(await draft.length()).toBe(0)
    })

    const all = async (after?: string) => {
      const found = []
      for await (const blob of store.list(after)) found.push(blob)
      return found
    }

    it('lists every blob in the order of checksums, from anywhere on', async () => {
      const put = await Promise.all(Array.from({ length: 40 }, (_, size) => store.put(randomBytes(size + 1))))
      const sorted = [...put].sort()
      expect((await all()).map(({ sha256 }) => sha256)).toEqual(sorted)
      for (const at of [0, 7, 38, 39]) {
        expect((await all(sorted[at])).map(({ sha256 }) => sha256)).toEqual(sorted.slice(at + 1))
      }
      for (const { sha256, size } of await all()) expect(await store.size(sha256)).toBe(size)
    })

    it('tells how long ago the bytes came last (I5)', async () => {
      const bytes = randomBytes(50)
      const sha256 = await store.put(bytes)
      const age = async () => (await all())[0]?.age ?? Number.NaN
      const day = 86_400_000
      await store.draft('slow').append(0, inPieces(bytes), 50)
      await made.age(sha256, day)
      expect(await age()).toBeGreaterThanOrEqual(day)
      await store.put(bytes)
      expect(await age()).toBeLessThan(day)
      await made.age(sha256, day)
      expect(await store.draft('slow').keep(sha256)).toBe(true)
      expect(await age()).toBeLessThan(day)
    })

    it('removes a blob that may go, and only that', async () => {
      const [gone, kept] = await Promise.all([store.put(randomBytes(9)), store.put(randomBytes(9))])
      expect(await store.remove(gone, async () => true)).toBe(true)
      expect(await store.has(gone)).toBe(false)
      expect(await store.remove(gone, async () => true)).toBe(false)
      expect(await store.remove(kept, async () => false)).toBe(false)
      await expect(store.remove(kept, () => Promise.reject(new Error('no answer')))).rejects.toThrow('no answer')
      expect(await store.has(kept)).toBe(true)
    })

    it('keeps bytes that come while a blob is removed (I5)', async () => {
      const bytes = randomBytes(900)
      const sha256 = await store.put(bytes)
      const comeAgain = async () => {
        await store.draft('again').append(0, inPieces(bytes), 900)
        return store.draft('again').keep(sha256)
      }
      expect(await store.remove(sha256, comeAgain)).toBe(true)
      await expectBlob(store, bytes)
      expect(await store.remove(sha256, async () => !(await comeAgain()))).toBe(false)
      await expectBlob(store, bytes)
    })

    it('has a blob again whose removal was never decided', async () => {
      const bytes = randomBytes(900)
      const sha256 = await store.put(bytes)
      const removing = store.remove(sha256, () => new Promise(() => undefined))
      await expect.poll(() => store.has(sha256)).toBe(false)
      await expectBlob(await made.reopen(), bytes)
      void removing
    })

    it('lists drafts with their age', async () => {
      await store.draft('one').append(0, inPieces(Buffer.from('abc')), 10)
      await store.put(randomBytes(5))
      const found = []
      for await (const draft of store.drafts()) found.push(draft)
      expect(found).toEqual([{ name: 'one', age: expect.any(Number) }])
    })

    it.each(['../x', 'a/b', '', '.', '..', 'x'.repeat(101), 'a\0b', 'passing.x'])('refuses the name %j', (bad) => {
      expect(() => store.draft(bad)).toThrow()
    })

    it.each(['../../x', '', 'A'.repeat(64), 'a'.repeat(63)])('refuses the checksum %j', async (bad) => {
      await expect(store.size(bad)).rejects.toThrow('not a SHA-256')
      await expect(store.has(bad)).rejects.toThrow('not a SHA-256')
      expect(() => store.read(bad)).toThrow('not a SHA-256')
    })
  })
}
