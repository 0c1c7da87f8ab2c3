import { randomBytes } from 'node:crypto'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { localStoreContract } from '@biologidex/test-kit/contracts/local-store'
import { content, mutation, page, state } from '@biologidex/test-kit/contracts/samples'
import { ACCOUNT, type StorePlace } from '@biologidex/test-kit/contracts/store-place'
import { expect, test } from 'vitest'
import { type LocalStore, SealBroken, StorageFull } from '../ports.ts'
import { type InstantSealer, nodeSealer } from './node-sealer.ts'
import { sqliteStore } from './sqlite.ts'
import { SqliteFile } from './sqlite-file.ts'

const folder = (): string => mkdtempSync(join(tmpdir(), 'biologidex-store-'))

async function makePlace(sealer?: InstantSealer): Promise<StorePlace> {
  const dir = folder()
  const open: LocalStore[] = []
  return {
    sealed: sealer !== undefined,
    async open(account) {
      const store = sqliteStore(dir, account, sealer)
      open.push(store)
      return store
    },
    traces: async (text) =>
      readdirSync(dir).filter((name) => name.includes(text) || readFileSync(join(dir, name)).includes(text)),
    async remove() {
      for (const store of open) await store.close()
      rmSync(dir, { recursive: true })
    },
  }
}

localStoreContract('sqlite', () => makePlace(), test)
localStoreContract('sqlite, sealed', () => makePlace(nodeSealer(randomBytes(32))), test)

test('sqlite: with a key, plain rows are read and sealed ones written; with another key they are put aside', async () => {
  const dir = folder()
  const write = async (sealer: InstantSealer | undefined, n: number): Promise<void> => {
    const store = sqliteStore(dir, ACCOUNT, sealer)
    await store.writeAccount({ putMutations: [mutation(n)] })
    await store.writeFeeds([page('dex/a', n, `["page ${n}"]`)])
    await store.close()
  }
  const sealer = nodeSealer(randomBytes(32))
  await write(undefined, 1)
  await write(sealer, 2)
  const single = sqliteStore(dir, ACCOUNT, sealer)
  await single.writeFeeds([{ state: state('dex/a', 3), generation: 1, over: new Map([['entry/a', '{}']]) }])
  await single.close()
  const store = sqliteStore(dir, ACCOUNT, sealer)
  expect((await store.load()).outbox).toEqual([mutation(1), mutation(2)])
  expect((await content(store, 'dex/a', 1)).pages).toEqual(['["page 1"]', '["page 2"]'])
  await store.close()
  const stranger = sqliteStore(dir, ACCOUNT, nodeSealer(randomBytes(32)))
  expect(await stranger.load()).toMatchObject({ outbox: [mutation(1)], unreadable: 1 })
  await expect(content(stranger, 'dex/a', 1)).rejects.toThrow(SealBroken)
  await expect(stranger.readOver('dex/a', 1)).rejects.toThrow(SealBroken)
  await stranger.close()
  rmSync(dir, { recursive: true })
})

test('sqlite: a full disk refuses the write with StorageFull, keeps nothing of it and goes on', async () => {
  const dir = folder()
  const file = new SqliteFile(join(dir, 'full.sqlite'))
  file.read(() => file.get('PRAGMA max_page_count = 20'))
  const put = (size: number) => () => file.run(`INSERT INTO syncs VALUES ('a', ?)`, 'x'.repeat(size))
  expect(() => file.write(true, put(1_000_000))).toThrow(StorageFull)
  expect(file.all('SELECT * FROM syncs')).toEqual([])
  file.write(true, put(10))
  file.close()
  rmSync(dir, { recursive: true })
})

test('sqlite: a store of a newer version is left as it is', async () => {
  const dir = folder()
  const file = new SqliteFile(join(dir, `${ACCOUNT}.sqlite`))
  file.write(true, () => file.get('PRAGMA user_version = 99'))
  file.close()
  expect(() => sqliteStore(dir, ACCOUNT)).toThrow('newer version')
  rmSync(dir, { recursive: true })
})

test('sqlite: a store that was wiped and made again is not the one an older opener knew', async () => {
  const dir = folder()
  const [store, stale] = [sqliteStore(dir, ACCOUNT), sqliteStore(dir, ACCOUNT)]
  await stale.writeFeeds([{ state: state('dex/a', 1), generation: 1 }])
  await store.wipe()
  const next = sqliteStore(dir, ACCOUNT)
  await expect(stale.writeAccount({ digest: 'old' })).rejects.toThrow('closed or wiped')
  await expect(stale.readFeed('dex/a', 1)).rejects.toThrow('closed or wiped')
  await stale.close()
  await next.writeAccount({ digest: 'new' })
  await next.close()
  const again = sqliteStore(dir, ACCOUNT)
  expect((await again.load()).digest).toBe('new')
  await again.close()
  rmSync(dir, { recursive: true })
})

test('sqlite: a file that an older program made is opened, keeps its outbox, and takes marks (C2)', async () => {
  const dir = folder()
  const older = sqliteStore(dir, ACCOUNT)
  await older.writeAccount({ putMutations: [mutation(1)] })
  await older.writeFeeds([page('dex/a', 1, '[1]')])
  await older.close()
  const file = new DatabaseSync(join(dir, `${encodeURIComponent(ACCOUNT)}.sqlite`))
  file.exec('DROP TABLE marks')
  file.close()
  const store = sqliteStore(dir, ACCOUNT)
  expect((await store.load()).outbox).toEqual([mutation(1)])
  expect(await store.readMarks('dex/a')).toBeUndefined()
  await store.writeFeeds([{ ...page('dex/a', 2, '[2]'), marks: 'now' }])
  expect(await store.readMarks('dex/a')).toBe('now')
  await store.wipe()
  rmSync(dir, { recursive: true })
})

test('sqlite: whoever looks only at what lies over a feed’s pages keeps nothing open: what is deleted then leaves the file', async () => {
  const place = await makePlace()
  const store = await place.open(ACCOUNT)
  await store.writeFeeds([{ ...page('dex/a', 1, '["vanishing"]'), over: new Map([['entry/a', '1']]) }])
  expect([...(await store.readOver('dex/a', 1))]).toEqual([['entry/a', '1']])
  await store.dropFeed('dex/a')
  expect(await place.traces('vanishing')).toEqual([])
  await place.remove()
})

test('sqlite: while a feed is read others have their turn between its pages', async () => {
  const place = await makePlace()
  const store = await place.open(ACCOUNT)
  for (let n = 0; n < 20; n += 1) await store.writeFeeds([page('dex/a', n, `[${n}]`)])
  let turns = 0
  const turn = () => {
    turns += 1
    next = setImmediate(turn)
  }
  let next = setImmediate(turn)
  for await (const text of (await store.readFeed('dex/a', 1)).pages) expect(text).toMatch(/\d/)
  clearImmediate(next)
  expect(turns).toBeGreaterThan(18)
  await place.remove()
})
