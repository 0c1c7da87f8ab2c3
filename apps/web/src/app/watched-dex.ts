import type { DexView } from '@biologidex/client/face'
import type { Dex } from './session-store.ts'
import { Watched } from './watched.ts'

/**
 * Least time between two drawings of a dex, in milliseconds: while it is arriving, the machine is needed for its arrival. What comes first is
 * drawn at once: what reads on waits for a frame or two, not for a timer.
 */
const ARRIVING = 1000
const SETTLED = 50

const dexes = new WeakMap<DexView, Watched<DexView, Dex>>()

/** The snapshots of a dex: one for all who read it. */
export function watchedDex(view: DexView): Watched<DexView, Dex> {
  const known = dexes.get(view)
  if (known) return known
  const take = (source: DexView, version: number): Dex => {
    const { account, entries, trash, outings, conflicts, profile, complete } = source
    const asked = { animal: (id: string) => source.animal(id), changesOf: (id: string) => source.changesOf(id) }
    return { version, account, entries, trash, outings, conflicts, profile, complete, ...asked }
  }
  const pace = (shown: Dex): number => {
    if (shown.entries.size === 0) return 0
    return view.complete ? SETTLED : ARRIVING
  }
  const made = new Watched(view, { take, pace })
  dexes.set(view, made)
  return made
}
