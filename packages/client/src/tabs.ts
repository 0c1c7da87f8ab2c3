import type { EngineEvent, SyncStatus } from './face.ts'
import type { Channel } from './ports.ts'

/** What the leading tab tells the others: how sync stands, what happened, and which requests it has answered (C3). */
export interface LeaderNews {
  readonly status: Omit<SyncStatus, 'here' | 'needsYou' | 'unreadable'>
  readonly event?: EngineEvent
  readonly answer?: { readonly id: string; readonly changed: number } | { readonly id: string; readonly code: string }
}

/** Reads news from a message; undefined when another version of the app sent something else. */
export function newsOf(value: unknown): LeaderNews | undefined {
  if (typeof value !== 'object' || value === null || !('status' in value)) return undefined
  const { status } = value
  return typeof status === 'object' && status !== null && 'connection' in status ? (value as LeaderNews) : undefined
}

/** Somebody who waits for a sync. */
export interface Demand {
  readonly resolve: (changed: number) => void
  readonly reject: (error: unknown) => void
}

/** What this tab has asked the leading one to do, until it answers or this tab leads itself. */
export class Asking {
  readonly #channel: Channel
  readonly #asked = new Map<string, Demand>()

  constructor(channel: Channel) {
    this.#channel = channel
  }

  ask(id: string, asked: Demand): void {
    this.#asked.set(id, asked)
    this.#channel.post({ kind: 'sync-please', id })
  }

  /** @param errorOf what this tab rejects with for a code */
  answered(answer: NonNullable<LeaderNews['answer']>, errorOf: (code: string) => Error): void {
    const asked = this.#asked.get(answer.id)
    this.#asked.delete(answer.id)
    if ('code' in answer) asked?.reject(errorOf(answer.code))
    else asked?.resolve(answer.changed)
  }

  /** Everything still unanswered, to be done here instead. */
  takeAll(): readonly Demand[] {
    const asked = [...this.#asked.values()]
    this.#asked.clear()
    return asked
  }
}
