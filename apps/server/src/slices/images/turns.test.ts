import { expect, it } from 'vitest'
import { Turns } from './turns.ts'

/** Work that goes on until it is let go. */
function longWork() {
  const { promise, resolve } = Promise.withResolvers<void>()
  const seen: { signal?: AbortSignal } = {}
  const work = async (signal: AbortSignal) => {
    seen.signal = signal
    await promise
    return 'done'
  }
  return { work, seen, letGo: resolve }
}

it('runs one at a time for a key, in the order of asking, and tells those before to end', async () => {
  const turns = new Turns()
  const first = longWork()
  const order: string[] = []
  const one = turns.take('a', async (signal) => order.push(await first.work(signal)))
  await Promise.resolve()
  expect(first.seen.signal?.aborted).toBe(false)
  const two = turns.take('a', async (signal) => order.push(`two ${signal.aborted}`))
  const three = turns.take('a', async (signal) => order.push(`three ${signal.aborted}`))
  expect(first.seen.signal?.aborted).toBe(true)
  expect(order).toEqual([])
  first.letGo()
  await Promise.all([one, two, three])
  expect(order).toEqual(['done', 'two true', 'three false'])
})

it('keeps keys apart', async () => {
  const turns = new Turns()
  const held = longWork()
  const first = turns.take('a', held.work)
  expect(await turns.take('b', async () => 'free')).toBe('free')
  expect(held.seen.signal?.aborted).toBe(false)
  held.letGo()
  expect(await first).toBe('done')
})

it('goes on after work that failed', async () => {
  const turns = new Turns()
  const failing = turns.take('a', () => Promise.reject(new Error('no')))
  const next = turns.take('a', async () => 'next')
  await expect(failing).rejects.toThrow('no')
  expect(await next).toBe('next')
})
