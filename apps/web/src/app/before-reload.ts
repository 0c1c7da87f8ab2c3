/** The longest moment that is granted, in milliseconds. */
const MOMENT = 2_000

const waiting = new Set<() => Promise<void>>()

/** Asks for a moment before the app reloads itself, to write down what is half done; returns how to stop asking. */
export function beforeReload(finish: () => Promise<void>): () => void {
  waiting.add(finish)
  return () => {
    waiting.delete(finish)
  }
}

/** Reloads the page once all who asked for a moment are done, or had theirs. */
export async function reloadGently(): Promise<void> {
  const done = Promise.allSettled([...waiting].map((finish) => finish()))
  await Promise.race([done, new Promise((resolve) => setTimeout(resolve, MOMENT))])
  location.reload()
}
