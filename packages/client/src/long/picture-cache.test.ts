import { createCipheriv, createHash } from 'node:crypto'
import { existsSync, mkdtempSync, readdirSync, rmSync, statSync, truncateSync, unlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { LIMITS } from '@biologidex/core/limits'
import { afterAll, expect, test } from 'vitest'
import { filePictures } from '../adapters/file-pictures.ts'
import { memoryBlobs } from '../adapters/memory.ts'
import { cryptoRandom, webHasher } from '../adapters/system.ts'
import { Pictures } from '../images.ts'
import { PictureCache } from '../picture-cache.ts'
import { NetworkFailure, type Transport } from '../ports.ts'

/** Bytes of a picture, about as many as a large rendition has. */
const SIZE = 1_000_000
/** As many as fit into the cache, and a tenth more. */
const MANY = Math.round((LIMITS.cacheBytes / SIZE) * 1.1)
const DEXES = ['ada', 'ben', 'cleo', 'dora'] as const
type Dex = (typeof DEXES)[number]

/** Bytes that look like nothing, and are always the same for a number. */
function made(n: number): Uint8Array {
  const key = Buffer.alloc(16)
  key.writeUInt32BE(n)
  return new Uint8Array(createCipheriv('aes-128-ctr', key, Buffer.alloc(16)).update(Buffer.alloc(SIZE)))
}
const sums = Array.from({ length: MANY }, (_, n) => createHash('sha256').update(made(n)).digest('hex'))
const sumOf = (n: number): string => sums[n] ?? ''
const ownerOf = (n: number): Dex => DEXES[n % DEXES.length] ?? 'ada'

const dir = mkdtempSync(join(tmpdir(), 'biologidex-large-cache-'))
afterAll(() => rmSync(dir, { recursive: true, force: true }))

let now = 0
const dexes = new Set<string>(DEXES)

/** The program of one start, on the same folder as those before it. */
function begin() {
  const fetched: number[] = []
  const transport: Transport = {
    onReconnect: () => () => undefined,
    async request({ path }) {
      const n = Number(/images\/(\d+)\//.exec(path)?.[1] ?? Number.NaN)
      if (Number.isNaN(n)) throw new NetworkFailure('no such picture')
      fetched.push(n)
      const header = (name: string) => (name === 'content-type' ? 'image/webp' : undefined)
      const body = (async function* () {
        yield made(n)
      })()
      return { status: 200, header, body }
    },
  }
  const clock = { now: () => (now += 1), after: () => () => undefined }
  const hasher = webHasher()
  const store = filePictures(dir, 'account')
  const cache = new PictureCache({ store, clock, hasher, isHere: (dex) => dexes.has(dex) })
  const arrived = () => Promise.resolve()
  const parts = { blobs: memoryBlobs(), cache, transport, clock, random: cryptoRandom(), hasher, arrived }
  const pictures = new Pictures(parts, new AbortController().signal)
  const look = async (n: number, dex: string = ownerOf(n)): Promise<void> => {
    const at = { dex, entry: `entry ${n} of ${dex}`, image: String(n), rendition: 'screen', sha256: sumOf(n) } as const
    const bytes = await pictures.get(at)
    if (!bytes || Buffer.compare(bytes, made(n)) !== 0) throw new Error(`picture ${n} is not what it should be`)
  }
  const end = async () => {
    await cache.close()
    await store.close()
  }
  return { store, cache, fetched, look, end }
}

/** The picture files of a dex, or of all, as they lie on the disk: by name, their bytes. */
function onDisk(dex?: string): Map<string, number> {
  const folders = dex === undefined ? DEXES.filter((one) => existsSync(join(dir, 'account', one))) : [dex]
  return new Map(
    folders.flatMap((folder) => {
      const place = join(dir, 'account', folder)
      return existsSync(place) ? readdirSync(place).map((name) => [name, statSync(join(place, name)).size] as const) : []
    }),
  )
}
const bytesOn = (dex?: string): number => [...onDisk(dex).values()].reduce((sum, size) => sum + size, 0)
const fileOf = (n: number, dex: string = ownerOf(n)): string => join(dir, 'account', dex, sumOf(n))

/** What the cache has to hold, in the order of its last use: a cache as one explains it. */
class Model {
  readonly held = new Set<number>()

  use(n: number): void {
    this.held.delete(n)
    this.held.add(n)
    if (this.held.size * SIZE > LIMITS.cacheBytes) this.evict(LIMITS.cacheBytes * 0.95)
  }

  evict(goal: number, stays: (n: number) => boolean = () => false): void {
    for (const n of [...this.held]) if (this.held.size * SIZE > goal && !stays(n)) this.held.delete(n)
  }
}
const model = new Model()

/** The disk holds what the model says and nothing else. */
function checkDisk(): void {
  expect([...onDisk().keys()].sort()).toEqual([...model.held].map(sumOf).sort())
  expect(bytesOn()).toBe(model.held.size * SIZE)
}

test('I4 a full gigabyte: the least recently used leave, and what is looked at stays', async () => {
  const { cache, fetched, look, end } = begin()
  for (let n = 0; n < MANY; n += 1) {
    await look(n)
    model.use(n)
    // What somebody comes back to again and again.
    if (n % 40 === 0) {
      for (const old of [0, 1, 2, 3]) {
        await look(old)
        model.use(old)
      }
    }
    if (n % 100 === 0) expect(bytesOn()).toBeLessThanOrEqual(LIMITS.cacheBytes)
  }
  expect(fetched).toEqual(Array.from({ length: MANY }, (_, n) => n))
  checkDisk()
  expect(bytesOn()).toBeGreaterThan(LIMITS.cacheBytes * 0.9)
  expect(await cache.contents()).toMatchObject({ limit: LIMITS.cacheBytes, bytes: bytesOn(), pictures: model.held.size })
  await end()
})

test('E51 what two dexes show is there once, and stays while one of them shows it', async () => {
  const { cache, fetched, look, end } = begin()
  const shared = [...model.held].filter((n) => ownerOf(n) === 'ada').slice(-50)
  for (const n of shared) {
    await look(n, 'ben')
    model.use(n)
  }
  expect(fetched).toEqual([])
  checkDisk()
  const nothing = (dex: string) => new Map(shared.map((n) => [`entry ${n} of ${dex}`, new Set<string>()]))
  await cache.withdraw('ada', nothing('ada'))
  checkDisk()
  for (const n of shared) expect([existsSync(fileOf(n, 'ada')), existsSync(fileOf(n, 'ben'))]).toEqual([false, true])
  await cache.withdraw('ben', nothing('ben'))
  for (const n of shared) model.held.delete(n)
  checkDisk()
  await end()
})

test('E51 files that are damaged, cut or gone are fetched again, and no others', async () => {
  const { fetched, look, end } = begin()
  const all = [...model.held]
  const [damaged, cut, gone] = [all.slice(10, 30), all.slice(40, 50), all.slice(60, 70)]
  for (const n of damaged) writeFileSync(fileOf(n), made(n).fill(0, 500_000, 500_001), { flag: 'r+' })
  for (const n of damaged.slice(0, 5)) writeFileSync(fileOf(n), made(n + 1))
  for (const n of cut) truncateSync(fileOf(n), SIZE / 2)
  for (const n of gone) unlinkSync(fileOf(n))
  for (const n of all.slice(0, 100)) {
    await look(n)
    model.use(n)
  }
  const isZero = (n: number) => made(n)[500_000] === 0 && !damaged.slice(0, 5).includes(n)
  expect(fetched).toEqual([...damaged.filter((n) => !isZero(n)), ...cut, ...gone])
  checkDisk()
  await end()
})

test('I4 a limit below what is held empties it at once, but for what is pinned', async () => {
  const { cache, fetched, end } = begin()
  await cache.pin('cleo', true)
  const isPinned = (n: number) => ownerOf(n) === 'cleo'
  await cache.limit(LIMITS.cacheBytes / 2)
  model.evict(LIMITS.cacheBytes / 2, isPinned)
  checkDisk()
  // Pinned ones alone are more than that.
  await cache.limit(LIMITS.cacheBytes / 10)
  model.evict(LIMITS.cacheBytes / 10, isPinned)
  checkDisk()
  expect([...model.held].every(isPinned)).toBe(true)
  await end()
  const later = begin()
  for (const n of model.held) await later.look(n)
  expect([...fetched, ...later.fetched]).toEqual([])
  await later.look(0)
  expect([later.fetched, existsSync(fileOf(0))]).toEqual([[0], false])
  await later.end()
})

test('P5 of a dex that goes nothing stays, and of an account that signs out neither', async () => {
  const { cache, store } = begin()
  dexes.delete('cleo')
  await cache.drop('cleo')
  expect([bytesOn(), existsSync(join(dir, 'account', 'cleo'))]).toEqual([0, false])
  await store.wipe()
  expect(readdirSync(dir)).toEqual([])
})
