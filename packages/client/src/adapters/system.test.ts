import { createHash } from 'node:crypto'
import { isUuid } from '@biologidex/core/ids'
import { expect, test, vi } from 'vitest'
import type { ChannelMessage } from '../ports.ts'
import { memoryChannelHub } from './memory-tabs.ts'
import { cryptoRandom, systemClock, webHasher } from './system.ts'

test.each([0, 1, 55, 56, 63, 64, 65, 1_000_000])(
  'checksums of %i bytes are the same with and without the platform’s crypto',
  async (size) => {
    const bytes = Uint8Array.from({ length: size }, (_, i) => i % 251)
    const known = createHash('sha256').update(bytes).digest('hex')
    const withNone = webHasher(null)
    expect(await webHasher().sha256(bytes)).toBe(known)
    expect(await withNone.sha256(bytes)).toBe(known)
  },
)

test('ids are UUIDs of version 4, all different; fractions lie in [0, 1)', () => {
  const { uuid, fraction } = cryptoRandom()
  const ids = Array.from({ length: 1000 }, uuid)
  expect(ids.every(isUuid)).toBe(true)
  expect(new Set(ids).size).toBe(1000)
  const drawn = Array.from({ length: 1000 }, fraction)
  expect(drawn.every((value) => value >= 0 && value < 1)).toBe(true)
})

test('a timer that was cancelled stays silent, and a very long one does not fire at once', () => {
  vi.useFakeTimers()
  const told: string[] = []
  const clock = systemClock()
  clock.after(10, () => told.push('kept'))
  clock.after(10, () => told.push('cancelled'))()
  clock.after(2 ** 40, () => told.push('far'))
  vi.advanceTimersByTime(100)
  expect(told).toEqual(['kept'])
  vi.useRealTimers()
})

test('channels hear each other, not themselves, later and as a copy; a closed one hears and says nothing', async () => {
  const hub = memoryChannelHub()
  const [a, b, c] = [hub.open(), hub.open(), hub.open()]
  const heard: string[] = []
  a.onMessage((message) => heard.push(`a ${message.kind}`))
  const messages: ChannelMessage[] = []
  b.onMessage((message) => messages.push(message))
  const leave = c.onMessage((message) => heard.push(`c ${message.kind}`))
  const sent = { kind: 'feeds', feeds: ['dex/a'] } as const
  a.post(sent)
  expect(messages).toEqual([])
  await Promise.resolve()
  expect(messages).toEqual([sent])
  expect(messages[0]).not.toBe(sent)
  leave()
  b.close()
  b.post({ kind: 'outbox' })
  a.post({ kind: 'outbox' })
  await Promise.resolve()
  expect(heard).toEqual(['c feeds'])
  expect(messages).toHaveLength(1)
})
