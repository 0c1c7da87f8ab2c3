import type { ProfileItem } from '@biologidex/core/accounts/account'
import { overlayProfile } from '@biologidex/core/accounts/profile-overlay'
import {
  type EntryOnScreen,
  type OutingOnScreen,
  overlayEntry,
  overlayOuting,
  type TrashOnScreen,
} from '@biologidex/core/sync/overlay'
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

/** Entries alive and deleted, by id: as the feed has them, or as they are shown. */
export interface EntryMaps {
  readonly entries: Entries
  readonly trash: ReadonlyMap<string, TrashOnScreen>
}

interface Shown {
  readonly base: EntryOnScreen | TrashOnScreen | undefined
  readonly key: string
  readonly changes: readonly StoredMutation[]
  readonly made: ReturnType<typeof overlayEntry>
}

/** Lays pending changes over the synced base (O7), and keeps what it made for as long as neither side changes. */
export class Screen {
  #shown = new Map<string, Shown>()

  /**
   * The entries as the screen shows them. A change that was set aside shows only while its entry is on no server: over a
   * synced entry it would claim what is not so, a narrower visibility say (E8).
   */
  show(base: EntryMaps, changes: readonly StoredMutation[]): EntryMaps {
    const entries = new Map(base.entries)
    const trash = new Map(base.trash)
    const shown = new Map<string, Shown>()
    for (const [id, all] of byEntry(base.entries, changes)) {
      const [entry, deleted] = [base.entries.get(id), base.trash.get(id)]
      const under = entry ?? deleted
      const active = under ? all.filter((change) => !change.setAside) : all
      if (active.length === 0) continue
      const key = active.map(({ n }) => n).join()
      const before = this.#shown.get(id)
      const { made } =
        before?.base === under && before?.key === key ? before : { made: overlayEntry({ entry, trash: deleted }, id, active) }
      shown.set(id, { base: under, key, changes: active, made })
      put(entries, id, made.entry)
      put(trash, id, made.trash)
    }
    this.#shown = shown
    return { entries, trash }
  }

  /** The changes that lay over an entry's base when it was shown last, in order. */
  changesOf(entry: string): readonly StoredMutation[] {
    return this.#shown.get(entry)?.changes ?? []
  }
}

function put<T>(map: Map<string, T>, id: string, value: T | undefined): void {
  if (value === undefined) map.delete(id)
  else map.set(id, value)
}

/** The outings as the screen shows them: as with entries, what was set aside shows only where the server has nothing (E8). */
export function outingsOnScreen(
  base: ReadonlyMap<string, OutingOnScreen>,
  changes: readonly StoredMutation[],
): ReadonlyMap<string, OutingOnScreen> {
  const about = changes.filter((change) => change.type === 'outing' && !(change.setAside && base.has(change.id)))
  const outings = new Map(base)
  for (const [id, own] of Map.groupBy(about, (change) => change.id)) put(outings, id, overlayOuting(base.get(id), id, own))
  return outings
}

/** The profile as the screen shows it (E8): a setting that was set aside claims nothing. */
export function profileOnScreen(base: ProfileItem | undefined, changes: readonly StoredMutation[]): ProfileItem | undefined {
  const active = changes.filter((change) => change.type === 'setting' && !change.setAside)
  return base && active.length > 0 ? overlayProfile(base, active) : base
}

/** Ids of conflicts that the person has settled here, though the server does not know yet. */
export const settledConflicts = (changes: readonly StoredMutation[]): string[] =>
  changes.filter((change) => change.type === 'conflict' && change.op === 'delete' && !change.setAside).map(({ id }) => id)
