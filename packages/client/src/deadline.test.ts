import { FakeClock, settle } from '@biologidex/test-kit/fake-clock'
import { expect, test } from 'vitest'
import { SILENCE, withDeadline } from './deadline.ts'
import { NetworkFailure, type Transport, type TransportRequest } from './ports.ts'

const never = () => new Promise<never>(() => undefined)
const read = async (body: AsyncIterable<Uint8Array>): Promise<number> => {
  let size = 0
  for await (const piece of body) size += piece.length
  return size
}

function transport(body: AsyncIterable<Uint8Array> | undefined): Transport & { asked?: TransportRequest } {
  return {
    onReconnect: () => () => undefined,
    async request(request) {
      this.asked = request
      return body ? { status: 200, header: () => 'x', body } : never()
    },
  }
}

async function* pieces(count: number, hangs: boolean): AsyncGenerator<Uint8Array> {
  for (let n = 0; n < count; n += 1) yield new Uint8Array(1)
  if (hangs) await never()
}

test('E36 a request that is never answered ends, and its connection with it', async () => {
  const clock = new FakeClock()
  const inner = transport(undefined)
  const answer = withDeadline(inner, clock).request({ method: 'GET', path: '/' })
  const end = answer.catch((error: unknown) => error)
  await clock.advance(SILENCE)
  expect(await end).toBeInstanceOf(NetworkFailure)
  expect(inner.asked?.signal?.aborted).toBe(true)
  expect(clock.waiting).toBe(0)
})

test('E36 an answer that stops coming ends; one that goes on does not, however long it takes', async () => {
  const clock = new FakeClock()
  const hanging = await withDeadline(transport(pieces(3, true)), clock).request({ method: 'GET', path: '/' })
  expect(hanging.header('a')).toBe('x')
  const end = read(hanging.body).catch((error: unknown) => error)
  await clock.advance(SILENCE)
  expect(await end).toBeInstanceOf(NetworkFailure)
  async function* slow(): AsyncGenerator<Uint8Array> {
    for (let n = 0; n < 5; n += 1) {
      await new Promise<void>((resolve) => clock.after(SILENCE - 1, resolve))
      yield new Uint8Array(1)
    }
  }
  const long = await withDeadline(transport(slow()), clock).request({ method: 'GET', path: '/' })
  const size = read(long.body)
  await clock.advance(5 * SILENCE)
  expect(await size).toBe(5)
  expect(clock.waiting).toBe(0)
})

test('E23 the caller’s signal ends the connection, before and during; who stops reading lets it go', async () => {
  const clock = new FakeClock()
  const end = new AbortController()
  const inner = transport(pieces(9, false))
  const response = await withDeadline(inner, clock).request({ method: 'GET', path: '/', signal: end.signal })
  end.abort()
  expect(inner.asked?.signal?.aborted).toBe(true)
  for await (const _ of response.body) break
  const late = transport(pieces(1, false))
  await withDeadline(late, clock).request({ method: 'GET', path: '/', signal: end.signal })
  expect(late.asked?.signal?.aborted).toBe(true)
  const early = transport(pieces(9, false))
  const stream = await withDeadline(early, clock).request({ method: 'GET', path: '/' })
  for await (const _ of stream.body) break
  await settle()
  expect(early.asked?.signal?.aborted).toBe(true)
  expect(clock.waiting).toBe(0)
})
