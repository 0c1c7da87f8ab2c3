import { expect, test } from 'vitest'
import { type Connection, type ConnectionEvent, type Effect, STOPPED, step } from './connection.ts'
import type { ConnectionState } from './face.ts'

const STATES: readonly ConnectionState[] = ['stopped', 'idle', 'syncing', 'waiting', 'offline', 'signed_out', 'refused']
const EVENTS: readonly ConnectionEvent[] = [
  { kind: 'start' },
  { kind: 'stop' },
  { kind: 'wish' },
  { kind: 'change' },
  { kind: 'demand' },
  { kind: 'reconnect' },
  { kind: 'due' },
  { kind: 'done' },
  { kind: 'failed', why: 'network' },
  { kind: 'failed', why: 'busy' },
  { kind: 'failed', why: 'signed_out' },
  { kind: 'failed', why: 'refused' },
]

const nameOf = (event: ConnectionEvent): string => (event.kind === 'failed' ? `failed ${event.why}` : event.kind)
const show = ({ next, effects }: ReturnType<typeof step>): string =>
  [next.at, next.again === 'no' ? '' : `again ${next.again}`, effects.join(' ')].filter(Boolean).join(' | ')

/** Every pair whose answer is not "stay as it is", by state and event. */
const TABLE: Record<ConnectionState, Record<string, string>> = {
  stopped: { start: 'syncing | sync listen' },
  idle: {
    stop: 'stopped | unlisten',
    wish: 'syncing | sync',
    change: 'syncing | sync',
    demand: 'syncing | sync',
    reconnect: 'syncing | sync',
  },
  syncing: {
    stop: 'stopped | abort unlisten',
    wish: 'syncing | again after',
    change: 'syncing | again after',
    demand: 'syncing | again after',
    reconnect: 'syncing | again now',
    done: 'idle',
    'failed network': 'offline | wait',
    'failed busy': 'waiting | wait',
    'failed signed_out': 'signed_out | unlisten tell_signed_out',
    'failed refused': 'refused | unlisten',
  },
  waiting: { stop: 'stopped | unwait unlisten', demand: 'syncing | unwait sync', due: 'syncing | sync' },
  offline: {
    stop: 'stopped | unwait unlisten',
    change: 'offline | hasten',
    demand: 'syncing | unwait sync',
    reconnect: 'syncing | unwait sync',
    due: 'syncing | sync',
  },
  signed_out: { start: 'syncing | sync listen', stop: 'stopped', demand: 'syncing | sync listen' },
  refused: { start: 'syncing | sync listen', stop: 'stopped', demand: 'syncing | sync listen' },
}

test('E20 every state answers every event as the table says', () => {
  for (const at of STATES) {
    for (const event of EVENTS) {
      const now: Connection = { at, again: 'no', attempt: 2 }
      expect(show(step(now, event)), `${at}, ${nameOf(event)}`).toBe(TABLE[at][nameOf(event)] ?? at)
    }
  }
})

test('E20 what was asked for during a sync is done after it, or at once when the network went and came back', () => {
  const during = (again: Connection['again'], event: ConnectionEvent) => show(step({ at: 'syncing', again, attempt: 0 }, event))
  expect(during('after', { kind: 'done' })).toBe('syncing | sync')
  expect(during('now', { kind: 'done' })).toBe('syncing | sync')
  expect(during('now', { kind: 'failed', why: 'network' })).toBe('syncing | sync')
  expect(during('after', { kind: 'failed', why: 'network' })).toBe('offline | wait')
  expect(during('now', { kind: 'failed', why: 'busy' })).toBe('waiting | wait')
  expect(during('now', { kind: 'wish' })).toBe('syncing | again now')
})

test('E21 failures in a row are counted; success, and something new to try, begin the count again', () => {
  const syncing: Connection = { at: 'syncing', again: 'no', attempt: 4 }
  expect(step(syncing, { kind: 'failed', why: 'busy' }).next.attempt).toBe(5)
  expect(step(syncing, { kind: 'failed', why: 'busy', fresh: true }).next.attempt).toBe(1)
  expect(step(syncing, { kind: 'done' }).next.attempt).toBe(0)
  expect(step({ at: 'offline', again: 'no', attempt: 4 }, { kind: 'due' }).next.attempt).toBe(4)
  expect(step({ at: 'offline', again: 'no', attempt: 4 }, { kind: 'stop' }).next).toEqual(STOPPED)
})

test('E20 whatever happens, a timer, a sync and the stream are never begun twice or left behind', () => {
  const seen = new Set<string>()
  const walk = (now: Connection, open: Readonly<Record<'sync' | 'wait' | 'listen', boolean>>): void => {
    const key = JSON.stringify([now.at, now.again, open])
    if (seen.has(key)) return
    seen.add(key)
    for (const event of EVENTS) {
      // Only what is open can come to its end.
      const ends: Partial<Record<ConnectionEvent['kind'], boolean>> = { due: open.wait, done: open.sync, failed: open.sync }
      if (ends[event.kind] === false) continue
      const after = {
        ...open,
        sync: event.kind === 'done' || event.kind === 'failed' ? false : open.sync,
        wait: event.kind === 'due' ? false : open.wait,
      }
      const { next, effects } = step({ ...now, attempt: 0 }, event)
      for (const effect of effects) apply(after, effect)
      expect(after.sync).toBe(next.at === 'syncing')
      expect(after.wait).toBe(next.at === 'waiting' || next.at === 'offline')
      expect(after.listen).toBe(!['stopped', 'signed_out', 'refused'].includes(next.at))
      walk(next, after)
    }
  }
  walk(STOPPED, { sync: false, wait: false, listen: false })
  expect(seen.size).toBeGreaterThan(7)
})

function apply(open: Record<'sync' | 'wait' | 'listen', boolean>, effect: Effect): void {
  if (effect === 'sync' || effect === 'wait' || effect === 'listen') {
    expect(open[effect]).toBe(false)
    open[effect] = true
  }
  if (effect === 'hasten') expect(open.wait).toBe(true)
  if (effect === 'abort') open.sync = false
  if (effect === 'unwait') open.wait = false
  if (effect === 'unlisten') open.listen = false
}
