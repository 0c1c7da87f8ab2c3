import { Refused } from '../refused.ts'
import { EXIT } from './exit.ts'

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
