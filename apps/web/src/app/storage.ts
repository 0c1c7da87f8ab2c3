/** Share of what the browser lets the app use from which on the person is told, before it hurts (C4). */
const NEARLY = 0.9
/**
 * How this browser keeps what is here. `kept`: it promised not to clear it when it runs low; undefined where it makes no promises.
 * `free`: bytes left, told only when it is nearly full.
 */
export interface Keeping {
  readonly kept?: boolean
  readonly free?: number
}

/** Bytes left of a quota that is nearly used up; undefined while there is room, or where the browser does not say. */
export function nearlyFull({ usage, quota }: StorageEstimate): number | undefined {
  if (usage === undefined || !quota) return undefined
  return usage / quota > NEARLY ? Math.max(0, quota - usage) : undefined
}

/** Asks the browser how it keeps what is here. */
export async function askKeeping(): Promise<Keeping> {
  const storage = navigator.storage as StorageManager | undefined
  if (!storage) return {}
  const [kept, estimate] = await Promise.all([storage.persisted(), storage.estimate()])
  const free = nearlyFull(estimate)
  return { kept, ...(free === undefined ? {} : { free }) }
}

let asked = false

/**
 * Asks the browser once to keep what is here, after the first thing was kept: only then is there something to lose, and browsers that ask the
 * person do so when it makes sense to them.
 */
export async function askToKeep(): Promise<void> {
  const storage = navigator.storage as StorageManager | undefined
  if (asked || !storage || (await storage.persisted())) return
  asked = true
  await storage.persist()
}
