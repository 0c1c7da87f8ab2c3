import { createHash } from 'node:crypto'
import { guessOwn } from '@biologidex/core/exchange/own-dexes'
import { ACCOUNT, Device, FakeServer, type Tab } from '@biologidex/test-kit/engine-rig'
import { type OldAnimal, type OldFiles, oldPicture, v1Files, v2Files } from '@biologidex/test-kit/old-client'
import { beforeAll, expect, test } from 'vitest'
import { webHasher } from './adapters/system.ts'
import { type OldSource, PictureCheck, type PlannedRow, planOldData, readOldData } from './old-data.ts'
import { type Bringing, type BroughtIn, bringInOldData } from './old-data-write.ts'
import { StorageFull } from './ports.ts'

const USER = '0b3c4d5e-1111-4222-8333-444455556666'
const hasher = webHasher()
let animals: OldAnimal[]

beforeAll(async () => {
  const names = ['Alces alces', 'Vulpes vulpes', 'Lynx lynx', 'Meles meles', 'Sciurus vulgaris']
  animals = await Promise.all(
    names.map(async (scientific, i) => ({ index: i + 1, scientific, common: `Animal ${i}`, picture: await oldPicture(i + 1) })),
  )
})

/** Files in memory; `reads` counts how often each was read. */
function sourceOf(files: OldFiles): OldSource & { readonly reads: Map<string, number> } {
  const reads = new Map<string, number>()
  return {
    reads,
    files: [...files].map(([path, { length }]) => ({ path, size: length })),
    notices: [],
    async read(path) {
      reads.set(path, (reads.get(path) ?? 0) + 1)
      const bytes = files.get(path)
      if (!bytes) throw new Error('gone')
      return new Uint8Array(bytes)
    },
  }
}

async function plan(tab: Tab, source: OldSource, check = new PictureCheck(source, hasher)): Promise<PlannedRow[]> {
  const data = await readOldData(source, ACCOUNT, hasher)
  const importer = { account: ACCOUNT, username: 'ada' }
  const dex = await tab.engine.openDex(ACCOUNT)
  const own = guessOwn(data.dexes, importer)
  const { signal } = new AbortController()
  return planOldData(data, { ...importer, dex, own, check, hasher, signal, onProgress: () => undefined })
}

function bring(tab: Tab, source: OldSource, rows: readonly PlannedRow[], more: Partial<Bringing> = {}): Promise<BroughtIn> {
  const { signal } = new AbortController()
  const { engine } = tab
  const previewsOf = async () => ({})
  return bringInOldData(rows, { engine, source, hasher, previewsOf, signal, onProgress: () => undefined, ...more })
}

const fates = (rows: readonly PlannedRow[]) => rows.map(({ fate }) => fate)
const notes = (rows: readonly PlannedRow[]) => rows.map((row) => row.notes.filter((note) => note !== 'date_unknown'))

test('E54 offline an import is in the dex at once, with its pictures, and goes up later; nothing was written before it was wanted', async () => {
  const server = new FakeServer(ACCOUNT)
  const tab = await new Device(server).tab()
  tab.transport.fault = () => ({ kind: 'lost' })
  const source = sourceOf(v2Files({ [USER]: animals }))
  const rows = await plan(tab, source)
  expect(fates(rows)).toEqual(animals.map(() => 'new'))
  expect(tab.engine.unsent().changes).toEqual([])
  expect(await bring(tab, source, rows)).toMatchObject({ entries: 5, pictures: 5 })
  const dex = await tab.engine.openDex(ACCOUNT)
  expect([...dex.entries.values()].map(({ typedAnimal }) => typedAnimal?.scientificName)).toEqual(
    animals.map(({ scientific }) => scientific),
  )
  const [image] = tab.engine.unsent().pictures
  expect(await tab.engine.original(image?.image ?? '')).toEqual(new Uint8Array(animals[0]?.picture ?? []))
  tab.transport.fault = () => undefined
  await tab.engine.syncNow()
  await tab.rest()
  expect(tab.engine.unsent()).toEqual({ changes: [], pictures: [] })
  expect(fates(await plan(tab, source))).toEqual(animals.map(() => 'here'))
})

test('E54 two devices that bring the same folder in at the same time make the same entries and pictures', async () => {
  const server = new FakeServer(ACCOUNT)
  const tabs = [await new Device(server, 1).tab(), await new Device(server, 2).tab()]
  for (const tab of tabs) {
    tab.transport.fault = () => ({ kind: 'lost' })
    const source = sourceOf(v2Files({ [USER]: animals }))
    await bring(tab, source, await plan(tab, source))
  }
  const [one, other] = tabs.map(({ engine }) => engine.unsent())
  const contents = (work = one) => work?.changes.map(({ n: _, at: __, ...change }) => change)
  expect(contents(one)).toEqual(contents(other))
  expect(one?.pictures).toEqual(other?.pictures)
})

test('E54 an import that is stopped, or finds the device full, has taken whole records; again it takes the rest', async () => {
  const tab = await new Device(new FakeServer(ACCOUNT)).tab()
  const many = Array.from({ length: 60 }, (_, i) => ({
    index: i,
    scientific: `Genus ${'abcdefghij'[i % 10]}${'klmnop'[(i / 10) | 0]}xx`,
    common: `A${i}`,
    picture: animals[i % 5]?.picture,
  }))
  const source = sourceOf(v2Files({ [USER]: many.map(({ picture, ...rest }) => (picture ? { ...rest, picture } : rest)) }))
  const rows = await plan(tab, source)
  const stop = new AbortController()
  const onProgress = (done: number) => (done === 40 ? stop.abort(new Error('stopped')) : undefined)
  const stopped = await bring(tab, source, rows, { signal: stop.signal, onProgress })
  expect(stopped).toMatchObject({ entries: 25, pictures: 25, failed: new Error('stopped') })
  const full = {
    ...tab.engine,
    mutate: () => Promise.reject(new StorageFull()),
    openDex: tab.engine.openDex.bind(tab.engine),
    account: ACCOUNT,
  }
  expect(await bring(tab, source, rows, { engine: full })).toMatchObject({ entries: 0, failed: expect.any(StorageFull) })
  const again = await plan(tab, source)
  expect(fates(again).filter((fate) => fate === 'new')).toHaveLength(35)
  // The older plan does no harm either.
  expect(await bring(tab, source, rows)).toMatchObject({ entries: 35, pictures: 35 })
  expect((await tab.engine.openDex(ACCOUNT)).entries.size).toBe(60)
})

test('E54 a picture that is damaged, missing or another one costs its record nothing else, and is said', async () => {
  const tab = await new Device(new FakeServer(ACCOUNT)).tab()
  const files = v2Files({ [USER]: animals })
  const [first = '', second = '', third = '', fourth = ''] = [...files.keys()].filter((path) => path.endsWith('.png'))
  files.set(first, files.get(first)?.subarray(0, 60) ?? Buffer.alloc(0))
  files.delete(second)
  files.set(third, await oldPicture(77))
  files.set(fourth, Buffer.from('<html>'))
  const source = sourceOf(files)
  const rows = await plan(tab, source)
  expect(notes(rows)).toEqual([['picture_damaged'], ['picture_missing'], ['picture_changed'], ['picture_damaged'], []])
  expect(await bring(tab, source, rows)).toMatchObject({ entries: 5, pictures: 2 })
  // The picture turns up later: its entry gets it.
  const whole = sourceOf(v2Files({ [USER]: animals }))
  const later = await plan(tab, whole)
  expect(fates(later)).toEqual(['picture', 'picture', 'here', 'picture', 'here'])
  expect(await bring(tab, whole, later)).toMatchObject({ entries: 0, pictures: 3 })
  expect(fates(await plan(tab, whole))).toEqual(animals.map(() => 'here'))
})

test('E54 a file that changed between the plan and its carrying out is not taken for what it was', async () => {
  const tab = await new Device(new FakeServer(ACCOUNT)).tab()
  const files = v2Files({ [USER]: animals.slice(0, 1) })
  const source = sourceOf(files)
  const rows = await plan(tab, source)
  for (const path of files.keys()) if (path.endsWith('.png')) files.set(path, Buffer.from('other'))
  const { rows: turned, ...counts } = await bring(tab, source, rows)
  expect(counts).toEqual({ entries: 1, pictures: 0 })
  expect(notes(turned)).toEqual([['picture_missing']])
})

test('E54 v1 and v2 of one device are one: the picture of either will do', async () => {
  const tab = await new Device(new FakeServer(ACCOUNT)).tab()
  const [a, b] = animals
  if (!a || !b) throw new Error('no animals')
  const { picture: _, ...bare } = a
  const source = sourceOf(new Map([...v1Files([a, b]), ...v2Files({ [USER]: [{ ...bare, entryId: USER }, b] })]))
  const rows = await plan(tab, source)
  expect(fates(rows).toSorted()).toEqual(['new', 'new', 'twice', 'twice'])
  expect(await bring(tab, source, rows)).toMatchObject({ entries: 2, pictures: 2 })
})

test('E54 pictures are read once for a plan that is made anew, and never those of others', async () => {
  const tab = await new Device(new FakeServer(ACCOUNT)).tab()
  const friend = createHash('sha256').update('friend').digest('hex')
  const source = sourceOf(v2Files({ self: animals.slice(0, 2), [friend]: animals.slice(2) }))
  const check = new PictureCheck(source, hasher)
  await plan(tab, source, check)
  await plan(tab, source, check)
  const read = [...source.reads].filter(([path]) => path.endsWith('.png'))
  expect(read.map(([path, times]) => [path.split('/')[1], times])).toEqual([
    ['self', 1],
    ['self', 1],
  ])
})
