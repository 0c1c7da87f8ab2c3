const waiting = new Set<() => Promise<void>>()

/** Asks for a moment before the app reloads itself, to write down what is half done; returns how to stop asking. */
export function beforeReload(finish: () => Promise<void>): () => void {
  waiting.add(finish)
  return () => {
    waiting.delete(finish)
  }
}

/** Reloads the page once all who asked for a moment are done, whatever came of it. */
export async function reloadGently(): Promise<void> {
  await Promise.allSettled([...waiting].map((finish) => finish()))
  location.reload()
}
