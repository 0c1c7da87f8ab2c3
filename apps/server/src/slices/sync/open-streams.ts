/** The streams of events that are open, by session: of too many the oldest ends (N3). Each server process counts its own. */
export class OpenStreams {
  readonly #most: number
  /** In the order in which they began. */
  readonly #ends = new Map<string, Set<() => void>>()

  constructor(most: number) {
    this.#most = most
  }

  /**
   * Counts a stream in. Who opened more than it may is most likely to have lost the oldest without its end being noticed here.
   * @param end ends the stream, and counts it out by what this returns
   */
  add(session: string, end: () => void): () => void {
    const ends = this.#ends.get(session) ?? new Set()
    this.#ends.set(session, ends.add(end))
    if (ends.size > this.#most) ends.values().next().value?.()
    return () => {
      ends.delete(end)
      if (ends.size === 0 && this.#ends.get(session) === ends) this.#ends.delete(session)
    }
  }
}
