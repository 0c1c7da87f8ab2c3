import { createHash, randomBytes } from 'node:crypto'
import type { BlobStore } from '@biologidex/server/blobs/blob-store'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'

/** A store to try, and how to open it again as a new process would, and to clear it away. */
export interface BlobStoreUnderTest {
  readonly store: BlobStore
  reopen(): Promise<BlobStore>
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
