import { NOBODY, type Others } from '../../db/others.ts'

/**
 * Tells listeners of this process, and other processes, which feeds moved and which sessions ended (N1). A missed nudge costs delay,
 * never data (N2).
 * Topics are `<owner>:<kind>`, as in the feeds table.
 */
export class Nudges {
  readonly #listeners = new Map<string, Set<(topic: string) => void>>()
  readonly #closing = new Set<() => void>()
  readonly #others: Pick<Others, 'say'>

  constructor(others: Pick<Others, 'say'> = NOBODY) {
    this.#others = others
  }

  /** Calls back when the server goes down, so that open streams end; returns an unsubscribe. */
  onClose(listener: () => void): () => void {
    this.#closing.add(listener)
    return () => void this.#closing.delete(listener)
  }

  close(): void {
    for (const listener of this.#closing) listener()
  }

  /** Feeds moved by this process's doing. */
  moved(topics: readonly string[]): void {
    for (const topic of topics) this.heard(topic)
    this.#others.say(topics)
  }

  /** A feed moved, by whichever process. */
  heard(topic: string): void {
    for (const listener of this.#listeners.get(topic) ?? []) listener(topic)
  }

  /** Calls back for each of `topics` that moves; returns an unsubscribe. */
  listen(topics: readonly string[], listener: (topic: string) => void): () => void {
    for (const topic of topics) {
      const set = this.#listeners.get(topic) ?? new Set()
      set.add(listener)
      this.#listeners.set(topic, set)
    }
    return () => {
      for (const topic of topics) {
        const set = this.#listeners.get(topic)
        set?.delete(listener)
        if (set?.size === 0) this.#listeners.delete(topic)
      }
    }
  }
}

export const topicOf = (owner: string, kind: string): string => `${owner}:${kind}`
