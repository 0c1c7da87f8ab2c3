import type { Channel, ChannelMessage, Lock } from '../ports.ts'

/** A hub of channels in one program: each hears what the others post, not itself, in a later turn and as a copy. */
export interface MemoryChannelHub {
  open(): Channel
}

export function memoryChannelHub(): MemoryChannelHub {
  const channels = new Set<(message: ChannelMessage) => void>()
  return {
    open() {
      const listeners = new Set<(message: ChannelMessage) => void>()
      const hear = (message: ChannelMessage): void => {
        for (const listener of [...listeners]) listener(message)
      }
      channels.add(hear)
      return {
        post(message) {
          if (!channels.has(hear)) return
          const others = [...channels].filter((other) => other !== hear)
          const copy = structuredClone(message)
          for (const other of others) queueMicrotask(() => channels.has(other) && other(copy))
        },
        onMessage(listener) {
          listeners.add(listener)
          return () => listeners.delete(listener)
        },
        close() {
          channels.delete(hear)
          listeners.clear()
        },
      }
    },
  }
}

/** A lock among the engines of one program that were given the same object: they lead in the order of asking. */
export function memoryLock(): Lock {
  let last: Promise<unknown> = Promise.resolve()
  return {
    async lead(work, signal) {
      const before = last
      let release = (): void => undefined
      const mine = new Promise<void>((resolve) => {
        release = resolve
      })
      last = before.then(() => mine)
      try {
        await turn(before, signal)
        if (!signal.aborted) await work(signal)
      } finally {
        release()
      }
    },
  }
}

/** Resolves when `before` does, or when the signal aborts. */
function turn(before: Promise<unknown>, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve()
  return new Promise((resolve) => {
    const done = (): void => {
      signal.removeEventListener('abort', done)
      resolve()
    }
    signal.addEventListener('abort', done)
    void before.then(done)
  })
}
