import type { ProfileItem } from '@biologidex/core/accounts/account'
import type { AnimalItem } from '@biologidex/core/animals/animal'
import type { ConflictItem, TrashItem } from '@biologidex/core/entries/entry'
import type { BlockItem, FriendItem } from '@biologidex/core/friends/friend'
import type { EntryOnScreen, OutingOnScreen, TrashOnScreen } from '@biologidex/core/sync/overlay'
import type { FeedDelta } from './delta.ts'
import { type AnyItem, isKnownItem } from './lines.ts'

const fresh = { pending: false } as const

/** What one feed holds, parsed, by kind. Parsed items are used as they are: nothing of them is copied. */
export class FeedContent {
  readonly entries = new Map<string, EntryOnScreen>()
  readonly trash = new Map<string, TrashOnScreen>()
  readonly outings = new Map<string, OutingOnScreen>()
  readonly conflicts = new Map<string, ConflictItem>()
  readonly animals = new Map<string, AnimalItem>()
  readonly friends = new Map<string, FriendItem>()
  readonly blocks = new Map<string, BlockItem>()
  profile: ProfileItem | undefined

  /** Takes an item in; one of a kind that is not known is left out (C4). */
  put(item: unknown): void {
    if (!isKnownItem(item)) return
    const known: AnyItem = item
    // The feed's writer vouches for what an item of a kind holds; here the kind decides.
    if (known.type === 'entry') this.entries.set(known.id, Object.assign(known as EntryOnScreen, fresh))
    else if (known.type === 'conflict') this.conflicts.set(known.id, known as ConflictItem)
    else if (known.type === 'animal') this.animals.set(known.id, known as AnimalItem)
    else if (known.type === 'outing') this.outings.set(known.id, Object.assign(known as OutingOnScreen, fresh))
    else if (known.type === 'trash') this.#putTrash(known as TrashItem)
    else if (known.type === 'friend') this.friends.set(known.id, known as FriendItem)
    else if (known.type === 'block') this.blocks.set(known.id, known as BlockItem)
    else this.profile = known as ProfileItem
  }

  #putTrash({ id, entry, deleted }: TrashItem): void {
    this.trash.set(id, { id, entry: Object.assign(entry, fresh), deleted, ...fresh })
  }

  remove(key: string): void {
    const at = key.indexOf('/')
    const [type, id] = [key.slice(0, at), key.slice(at + 1)]
    if (type === 'entry') this.entries.delete(id)
    else if (type === 'conflict') this.conflicts.delete(id)
    else if (type === 'animal') this.animals.delete(id)
    else if (type === 'outing') this.outings.delete(id)
    else if (type === 'trash') this.trash.delete(id)
    else if (type === 'friend') this.friends.delete(id)
    else if (type === 'block') this.blocks.delete(id)
    else if (type === 'profile') this.profile = undefined
  }

  apply({ items, removed, animals }: FeedDelta): void {
    for (const animal of animals) this.animals.set(animal.id, animal)
    for (const key of removed) this.remove(key)
    for (const item of items) this.put(item)
  }

  /** Keeps the objects of `before` wherever they say the same: what did not change keeps its identity. */
  adopt(before: FeedContent): void {
    for (const [id, entry] of this.entries) {
      const old = before.entries.get(id)
      if (old && JSON.stringify(old) === JSON.stringify(entry)) this.entries.set(id, old)
    }
  }
}
