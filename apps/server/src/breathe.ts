/**
 * Lets whatever else waits have its turn of the event loop, requests above all. Long work asks for it between its parts: with SQLite
 * everything is done at once or by microtasks, and nothing else would come in before all of it is done (W3).
 */
export const breathe = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

/**
 * For work of many small parts: asked after each, it breathes once so many are done, so that little work is not held up.
 * @param parts how many are done before others have their turn
 */
export function breatheEvery(parts: number): (done?: number) => Promise<void> | undefined {
  let count = 0
  return (done = 1) => {
    count += done
    if (count < parts) return undefined
    count = 0
    return breathe()
  }
}
