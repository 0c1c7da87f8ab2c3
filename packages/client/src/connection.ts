import type { ConnectionState } from './face.ts'

/**
 * How the leading engine stands to the server, as one pure and total table: every state answers every event (C6, E20).
 * `again` remembers what was asked for while a sync was running: nothing, one more sync after this one, or one at once
 * even if this one fails because the network went and came back meanwhile. `attempt` counts failures in a row.
 */
export interface Connection {
  readonly at: ConnectionState
  readonly again: 'no' | 'after' | 'now'
  readonly attempt: number
}

/** Why a sync ended: no network, a server that asks for patience, a session that ended, or a refusal that only a person ends. */
export type Failure = 'network' | 'busy' | 'signed_out' | 'refused'

/**
 * `wish`: something changed elsewhere. `change`: a person changed something here. `demand`: a person asked, or a tab on a
 * person's behalf. `reconnect`: the network seems to be back. `due`: the wait is over. `done` and `failed`: how the sync
 * under way ended; `fresh` says that the failure led to something new to try, so waits start small again.
 */
export type ConnectionEvent =
  | { readonly kind: 'start' | 'stop' | 'wish' | 'change' | 'demand' | 'reconnect' | 'due' | 'done' }
  | { readonly kind: 'failed'; readonly why: Failure; readonly fresh?: boolean }

/** `sync`: begin one. `abort`: end the one under way. `wait`, `hasten` and `unwait`: the retry timer. `listen`, `unlisten`: nudges. */
export type Effect = 'sync' | 'abort' | 'wait' | 'hasten' | 'unwait' | 'listen' | 'unlisten' | 'tell_signed_out'

export interface Step {
  readonly next: Connection
  readonly effects: readonly Effect[]
}

type Rule = (now: Connection, event: ConnectionEvent) => Step
type Kind = ConnectionEvent['kind']

export const STOPPED: Connection = { at: 'stopped', again: 'no', attempt: 0 }

const stay: Rule = (now) => ({ next: now, effects: [] })
const go =
  (at: ConnectionState, ...effects: Effect[]): Rule =>
  (now) => ({ next: { at, again: 'no', attempt: now.attempt }, effects })
const anew =
  (at: ConnectionState, ...effects: Effect[]): Rule =>
  () => ({ next: { at, again: 'no', attempt: 0 }, effects })
const remember =
  (again: 'after' | 'now'): Rule =>
  (now) => ({ next: { ...now, again: now.again === 'now' ? 'now' : again }, effects: [] })

const finished: Rule = (now) =>
  now.again === 'no' ? anew('idle')(now, { kind: 'done' }) : anew('syncing', 'sync')(now, { kind: 'done' })

const failed: Rule = (now, event) => {
  if (event.kind !== 'failed') return stay(now, event)
  const attempt = event.fresh ? 1 : now.attempt + 1
  if (event.why === 'signed_out') return anew('signed_out', 'unlisten', 'tell_signed_out')(now, event)
  if (event.why === 'refused') return anew('refused', 'unlisten')(now, event)
  if (event.why === 'network' && now.again === 'now')
    return { next: { at: 'syncing', again: 'no', attempt }, effects: ['sync'] }
  return { next: { at: event.why === 'network' ? 'offline' : 'waiting', again: 'no', attempt }, effects: ['wait'] }
}

const begin = anew('syncing', 'sync', 'listen')
const halted = {
  start: begin,
  stop: anew('stopped'),
  wish: stay,
  change: stay,
  demand: begin,
  reconnect: stay,
  due: stay,
  done: stay,
  failed: stay,
}

const TABLE: Record<ConnectionState, Record<Kind, Rule>> = {
  stopped: {
    start: begin,
    stop: stay,
    wish: stay,
    change: stay,
    demand: stay,
    reconnect: stay,
    due: stay,
    done: stay,
    failed: stay,
  },
  idle: {
    start: stay,
    stop: anew('stopped', 'unlisten'),
    wish: go('syncing', 'sync'),
    change: go('syncing', 'sync'),
    demand: go('syncing', 'sync'),
    reconnect: go('syncing', 'sync'),
    due: stay,
    done: stay,
    failed: stay,
  },
  syncing: {
    start: stay,
    stop: anew('stopped', 'abort', 'unlisten'),
    wish: remember('after'),
    change: remember('after'),
    demand: remember('after'),
    reconnect: remember('now'),
    due: stay,
    done: finished,
    failed,
  },
  // The server asked for patience: only its time, or a person, ends the wait.
  waiting: {
    start: stay,
    stop: anew('stopped', 'unwait', 'unlisten'),
    wish: stay,
    change: stay,
    demand: go('syncing', 'unwait', 'sync'),
    reconnect: stay,
    due: go('syncing', 'sync'),
    done: stay,
    failed: stay,
  },
  // Whether the network is there is only known by trying, and somebody who is writing is there to see it.
  offline: {
    start: stay,
    stop: anew('stopped', 'unwait', 'unlisten'),
    wish: stay,
    change: (now) => ({ next: now, effects: ['hasten'] }),
    demand: go('syncing', 'unwait', 'sync'),
    reconnect: go('syncing', 'unwait', 'sync'),
    due: go('syncing', 'sync'),
    done: stay,
    failed: stay,
  },
  signed_out: halted,
  refused: halted,
}

/** The next state and what to do about it. */
export const step = (now: Connection, event: ConnectionEvent): Step => TABLE[now.at][event.kind](now, event)
