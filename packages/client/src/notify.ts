/**
 * Calls every listener. One that throws harms neither the others nor the engine: its error surfaces by itself, as that of
 * any event's listener does.
 */
export function notify<T>(listeners: Iterable<(value: T) => void>, value: T): void {
  for (const listener of [...listeners]) {
    try {
      listener(value)
    } catch (error) {
      queueMicrotask(() => {
        throw error
      })
    }
  }
}
