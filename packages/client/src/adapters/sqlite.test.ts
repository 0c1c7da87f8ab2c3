import { spawn } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { localStoreContract } from '@biologidex/test-kit/contracts/local-store'
import { content, state } from '@biologidex/test-kit/contracts/samples'
import { ACCOUNT, type StorePlace } from '@biologidex/test-kit/contracts/store-place'
import { expect, test } from 'vitest'
import { type LocalStore, StorageFull } from '../ports.ts'
import { sqliteStore } from './sqlite.ts'
import { SqliteFile } from './sqlite-file.ts'

const folder = (): string => mkdtempSync(join(tmpdir(), 'biologidex-store-'))

async function makePlace(): Promise<StorePlace> {
  const dir = folder()
  const open: LocalStore[] = []
  return {
    async open(account) {
      const store = sqliteStore(dir, account)
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

localStoreContract('sqlite', makePlace, test)

/** Another program that writes one mutation and one page under the same number, over and over, and says each number once it is kept. */
const WRITER = `
  import { sqliteStore } from '${new URL('./sqlite.ts', import.meta.url).href}'
  const [dir, account, times] = process.argv.slice(1)
  const store = sqliteStore(dir, account)
  for (let i = 0; i < Number(times); i++) {
    let n
    await store.updateAccount((device) => {
      n = device?.next ?? 1
      return { device: { client: 'c', next: n + 1, ack: 0 }, putMutations: [{ n, type: 'entry', id: 'x', op: 'update' }] }
    })
    const state = { feed: 'dex/a', seq: n, generation: 1, over: 0, complete: true }
    await store.writeFeeds([{ state, generation: 1, page: JSON.stringify([n, 'x'.repeat(20_000)]), over: new Map([['last', String(n)]]) }])
    process.stdout.write(n + '\\n')
  }
`

/** Runs the writer; with `killAfter`, until it has said that many numbers. Resolves with the numbers it said. */
async function write(dir: string, times: number, killAfter = Number.POSITIVE_INFINITY): Promise<number[]> {
  const child = spawn(process.execPath, ['--input-type=module', '--eval', WRITER, dir, ACCOUNT, String(times)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let said = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    said += text
    if (said.split('\n').length > killAfter) child.kill('SIGKILL')
  })
  await new Promise((resolve) => child.once('close', resolve))
  return said.split('\n').slice(0, -1).map(Number)
}

test('sqlite: what was kept before kill -9 is there, and a feed’s state goes with its content (C2)', async () => {
  const dir = folder()
  const said = await write(dir, 100_000, 25)
  const store = sqliteStore(dir, ACCOUNT)
  const { outbox, device, feeds } = await store.load()
  expect(said.length).toBeGreaterThanOrEqual(25)
  expect(outbox.map((row) => row.n)).toEqual(Array.from({ length: outbox.length }, (_, i) => i + 1))
  expect(outbox.length).toBeGreaterThanOrEqual(said.length)
  expect(device?.next).toBe(outbox.length + 1)
  const { pages, over } = await content(store, 'dex/a', 1)
  expect(feeds[0]?.seq).toBe(pages.length)
  expect(pages.length).toBeGreaterThanOrEqual(said.length)
  expect(over).toEqual([['last', String(pages.length)]])
  await store.close()
  rmSync(dir, { recursive: true })
})

test('sqlite: programs that make the same store at once share it, and never take the same number', async () => {
  const dir = folder()
  const said = await Promise.all([write(dir, 30), write(dir, 30), write(dir, 30)])
  expect(said.flat().sort((a, b) => a - b)).toEqual(Array.from({ length: 90 }, (_, i) => i + 1))
  const store = sqliteStore(dir, ACCOUNT)
  expect((await store.load()).outbox).toHaveLength(90)
  await store.close()
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
