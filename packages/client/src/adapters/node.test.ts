import { spawn } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { mutation } from '@biologidex/test-kit/contracts/samples'
import { ACCOUNT } from '@biologidex/test-kit/contracts/store-place'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { fileLock } from './file-lock.ts'
import { memoryLock } from './memory-tabs.ts'
import { nodePorts } from './node.ts'

let dir = ''
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'biologidex-node-'))
})
afterEach(() => {
  rmSync(dir, { recursive: true })
  rmSync(`${dir}.key`, { force: true })
})

const never = new AbortController().signal
const LOCKS = [
  ['memory', () => [memoryLock()].flatMap((lock) => [lock, lock])],
  ['file', () => [fileLock(join(dir, 'lock')), fileLock(join(dir, 'lock'))]],
] as const

test.each(LOCKS)('%s: one leads, and the next when the first is done, though it failed', async (_, make) => {
  const [first, second] = make() as [ReturnType<typeof memoryLock>, ReturnType<typeof memoryLock>]
  const told: string[] = []
  let fail = (_reason: Error): void => undefined
  const leading = first.lead(async () => {
    told.push('first')
    await new Promise<void>((_resolve, reject) => {
      fail = reject
    })
  }, never)
  const waiting = second.lead(async () => {
    told.push('second')
  }, never)
  await new Promise((resolve) => setTimeout(resolve, 20))
  expect(told).toEqual(['first'])
  fail(new Error('broken work'))
  await expect(leading).rejects.toThrow('broken work')
  await waiting
  expect(told).toEqual(['first', 'second'])
})

test.each(LOCKS)('%s: who stops waiting never leads, and holds up nobody', async (_, make) => {
  const [first, second] = make() as [ReturnType<typeof memoryLock>, ReturnType<typeof memoryLock>]
  const told: string[] = []
  const stop = new AbortController()
  await first.lead(async () => {
    const waiting = second.lead(async () => {
      told.push('never')
    }, stop.signal)
    stop.abort()
    await waiting
  }, never)
  await second.lead(async () => {
    told.push('later')
  }, never)
  expect(told).toEqual(['later'])
})

test('file: the lock of a program that was killed is free', async () => {
  const path = join(dir, 'lock')
  const script = `
    import { fileLock } from '${new URL('./file-lock.ts', import.meta.url).href}'
    const work = () => new Promise(() => { process.stdout.write('leads'); setInterval(() => 0, 1000) })
    await fileLock(process.argv[1]).lead(work, new AbortController().signal)
  `
  const child = spawn(process.execPath, ['--input-type=module', '--eval', script, path], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  await new Promise((resolve) => child.stdout.once('data', resolve))
  let leads = false
  const waiting = fileLock(path).lead(async () => {
    leads = true
  }, never)
  expect(leads).toBe(false)
  child.kill('SIGKILL')
  await waiting
  expect(leads).toBe(true)
})

test('an account’s ports keep what they are given, and its wipe leaves nothing that names it', async () => {
  const open = () => nodePorts({ account: ACCOUNT, dir, baseUrl: 'http://127.0.0.1:1', token: 't', keyFile: `${dir}.key` })
  const { store, blobs, pictures, lock } = open()
  await store.writeAccount({ putMutations: [mutation(1)] })
  await blobs.put('sealed/a', new Uint8Array([1]))
  await lock.lead(async () => undefined, never)
  await pictures.put({ dex: 'a', sha256: 'ab', size: 1, used: 1, entries: ['e'] }, new Uint8Array([1]))
  await Promise.all([store.close(), blobs.close(), pictures.close()])
  const again = open()
  expect((await again.store.load()).outbox).toEqual([mutation(1)])
  expect(await again.blobs.keys()).toEqual(['sealed/a'])
  await Promise.all([again.store.wipe(), again.blobs.wipe(), again.pictures.wipe()])
  const left = readdirSync(dir, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
  expect(left.map((entry) => entry.parentPath.slice(dir.length + 1))).toEqual(['locks'])
  for (const { parentPath, name } of left) expect(name + readFileSync(join(parentPath, name), 'utf8')).not.toContain(ACCOUNT)
})
