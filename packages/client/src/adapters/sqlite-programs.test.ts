import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { content } from '@biologidex/test-kit/contracts/samples'
import { ACCOUNT } from '@biologidex/test-kit/contracts/store-place'
import { expect, test } from 'vitest'
import { sqliteStore } from './sqlite.ts'

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
  const dir = mkdtempSync(join(tmpdir(), 'biologidex-programs-'))
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
  const dir = mkdtempSync(join(tmpdir(), 'biologidex-programs-'))
  const said = await Promise.all([write(dir, 15), write(dir, 15), write(dir, 15)])
  expect(said.flat().sort((a, b) => a - b)).toEqual(Array.from({ length: 45 }, (_, i) => i + 1))
  const store = sqliteStore(dir, ACCOUNT)
  expect((await store.load()).outbox).toHaveLength(45)
  await store.close()
  rmSync(dir, { recursive: true })
})
