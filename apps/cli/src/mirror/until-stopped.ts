import { Refused } from '../refused.ts'
import { EXIT } from './exit.ts'

/** Waits for work that does not know the signal. Rejects with the signal's reason when it comes first; the work goes on unheard. */
export function orStopped<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const stopped = new Promise<never>((_, reject) => {
    if (signal.aborted) reject(signal.reason as Error)
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true })
  })
  return Promise.race([work, stopped])
}

/** Ctrl-C ends the work between two steps; a second one ends the program. @param words what is told then */
export function untilStopped(words: string): AbortSignal {
  const ending = new AbortController()
  const stop = () => {
    if (ending.signal.aborted) process.exit(EXIT.stopped)
    ending.abort(new Refused(words, undefined, EXIT.stopped))
  }
  process.on('SIGINT', stop).on('SIGTERM', stop)
  return ending.signal
}
