import { notify } from './notify.ts'

/** Calls listeners once for all changes of a turn. */
export class Bell {
  readonly #listeners = new Set<(_: undefined) => void>()
  #ringing = false

  listen(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => {
      this.#listeners.delete(listener)
    }
  }

  ring(): void {
    if (this.#ringing) return
    this.#ringing = true
    queueMicrotask(() => {
      this.#ringing = false
      notify(this.#listeners, undefined)
    })
  }

  clear(): void {
    this.#listeners.clear()
  }
}
