import type { OwnEntry } from '@biologidex/core/entries/entry'
import { type EntryOnScreen, overlay } from '@biologidex/core/sync/overlay'
import type { StoredMutation } from './ports.ts'

type Entries = ReadonlyMap<string, EntryOnScreen>

/** The entry that a change of an image is about: as it says itself, as its making said, or as the base has it. */
class ImageOwners {
  readonly #base: Entries
  readonly #made = new Map<string, string>()
  #inBase: Map<string, string> | undefined

  constructor(base: Entries, changes: readonly StoredMutation[]) {
    this.#base = base
    for (const change of changes) {
      const entry = change.type === 'image' ? change.set?.entry : undefined
      if (entry && 'to' in entry && typeof entry.to === 'string') this.#made.set(change.id, entry.to)
    }
  }

  of(image: string): string | undefined {
    return this.#made.get(image) ?? this.#lookUp().get(image)
  }

  #lookUp(): Map<string, string> {
    if (this.#inBase) return this.#inBase
    this.#inBase = new Map()
    for (const entry of this.#base.values()) for (const { id } of entry.images ?? []) this.#inBase.set(id, entry.id)
    return this.#inBase
  }
}

/** The changes of each entry, in order. */
function byEntry(base: Entries, changes: readonly StoredMutation[]): Map<string, StoredMutation[]> {
  const owners = new ImageOwners(base, changes)
  const grouped = new Map<string, StoredMutation[]>()
  for (const change of changes) {
    const id = change.type === 'entry' ? change.id : change.type === 'image' ? owners.of(change.id) : undefined
    if (id === undefined) continue
    const list = grouped.get(id)
    if (list) list.push(change)
    else grouped.set(id, [change])
  }
  return grouped
}

interface Shown {
  readonly base: OwnEntry | undefined
  readonly key: string
  readonly entry: EntryOnScreen | undefined
}

/** Lays pending changes over the synced base (O7), and keeps what it made for as long as neither side changes. */
export class Screen {
  #shown = new Map<string, Shown>()

  /**
   * The entries as the screen shows them. A change that was set aside shows only while its entry is on no server: over a
   * synced entry it would claim what is not so, a narrower visibility say (E8).
   */
  entries(base: Entries, changes: readonly StoredMutation[]): Map<string, EntryOnScreen> {
    const entries = new Map(base)
    const shown = new Map<string, Shown>()
    for (const [id, all] of byEntry(base, changes)) {
      const under = base.get(id)
      const active = under ? all.filter((change) => !change.setAside) : all
      if (active.length === 0) continue
      const key = active.map(({ n }) => n).join()
      const before = this.#shown.get(id)
      const made =
        before?.base === under && before?.key === key ? before : { base: under, key, entry: overlay(under, id, active) }
      shown.set(id, made)
      if (made.entry) entries.set(id, made.entry)
      else entries.delete(id)
    }
    this.#shown = shown
    return entries
  }
}

/** Ids of conflicts that the person has settled here, though the server does not know yet. */
export const settledConflicts = (changes: readonly StoredMutation[]): string[] =>
  changes.filter((change) => change.type === 'conflict' && change.op === 'delete' && !change.setAside).map(({ id }) => id)
