/** Turns of the event loop without any work under way after which nothing goes on any more. */
const CALM_TURNS = 2
/** Real time that one piece of work may take: longer means that it waits for something that never comes. */
const STUCK_MS = 30_000

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

/**
 * Counts real work: requests that a server is answering, files being written, pictures being made. The virtual clock moves
 * only while there is none, so that what happens at one instant has all happened before the next.
 */
export class Busy {
  readonly #under = new Map<symbol, string>()
  #waiting: (() => void)[] = []

  /** Work begins; call what is returned when it ends. */
  enter(what: string): () => void {
    const key = Symbol(what)
    this.#under.set(key, what)
    return () => {
      this.#under.delete(key)
      if (this.#under.size > 0) return
      for (const resolve of this.#waiting.splice(0)) resolve()
    }
  }

  async track<T>(what: string, work: Promise<T>): Promise<T> {
    const leave = this.enter(what)
    try {
      return await work
    } finally {
      leave()
    }
  }

  /** Resolves when nothing goes on. @throws Error naming what doesn't end */
  async calm(): Promise<void> {
    for (let quiet = 0; quiet < CALM_TURNS; ) {
      await turn()
      quiet = this.#under.size === 0 ? quiet + 1 : 0
      if (this.#under.size > 0) await this.#end()
    }
  }

  async #end(): Promise<void> {
    const end = new Promise<void>((resolve) => this.#waiting.push(resolve))
    let timer: NodeJS.Timeout | undefined
    const stuck = new Promise<never>((_, reject) => {
      const fail = () => reject(new Error(`work that does not end: ${[...new Set(this.#under.values())].join(', ')}`))
      timer = realTimeout(fail, STUCK_MS)
    })
    await Promise.race([end, stuck])
    realClear(timer)
  }
}

// Taken before the simulation puts its own clock in their place.
const { setTimeout: realTimeout, clearTimeout: realClear } = globalThis
