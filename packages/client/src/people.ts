import { type BlockItem, type FriendItem, foldCode, type PersonView } from '@biologidex/core/friends/friend'
import type { BlockOnScreen, FriendOnScreen } from './face.ts'
import type { StoredMutation } from './ports.ts'

/** Friends, requests and blocks by the other's id: as the account feed has them, or as they are shown. */
export interface People {
  readonly friends: ReadonlyMap<string, FriendOnScreen>
  readonly blocks: ReadonlyMap<string, BlockOnScreen>
}

/** A change of how the account stands to somebody: its outcome is in the account's feed, not in its dex's. */
export const isAboutPeople = ({ type }: Pick<StoredMutation, 'type'>): boolean => type === 'friend' || type === 'block'

const pending = { pending: true } as const

function codeOf(change: StoredMutation): string | undefined {
  const code = change.set?.code
  return code && 'to' in code && typeof code.to === 'string' ? foldCode(code.to) : undefined
}

/** Lays pending changes over what the account's feed says (O7). */
class PeopleDraft {
  readonly friends: Map<string, FriendOnScreen>
  readonly blocks: Map<string, BlockOnScreen>
  readonly #base: People

  constructor(base: People) {
    this.#base = base
    this.friends = new Map(base.friends)
    this.blocks = new Map(base.blocks)
  }

  lay(change: StoredMutation): void {
    if (change.type === 'block') this.#block(change)
    else if (change.op === 'create') this.#ask(change)
    else if (change.op === 'delete') this.friends.delete(change.id)
    else this.#accept(change)
  }

  /** Asking somebody who asks already is to say yes (as the server has it). */
  #ask(change: StoredMutation): void {
    const code = codeOf(change)
    const { id, at: since = 0 } = change
    if (code !== undefined) {
      const asked: FriendItem = { type: 'friend', id, username: code, displayName: code, state: 'asked', since }
      this.friends.set(id, { ...asked, ...pending })
    } else if (this.friends.get(id)?.state === 'asks') this.#accept(change)
    else if (!this.friends.has(id)) {
      this.friends.set(id, { type: 'friend', ...this.#person(id), state: 'asked', since, ...pending })
    }
  }

  #accept({ id, at }: StoredMutation): void {
    const item = this.friends.get(id)
    if (item?.state === 'asks') this.friends.set(id, { ...item, state: 'friends', since: at ?? item.since, ...pending })
  }

  #block({ op, id, at: since = 0 }: StoredMutation): void {
    if (op !== 'create') {
      this.blocks.delete(id)
      return
    }
    const item: BlockItem = { type: 'block', ...this.#person(id), since }
    if (!this.blocks.has(id)) this.blocks.set(id, { ...item, ...pending })
    this.friends.delete(id)
  }

  /** Who somebody is, as far as this device knows. */
  #person(id: string): PersonView {
    const { friends, blocks } = this.#base
    const { username = '', displayName = '', avatar } = friends.get(id) ?? blocks.get(id) ?? {}
    return { id, username, displayName, ...(avatar ? { avatar } : {}) }
  }
}

/**
 * How the account stands to others, as its screen shows it: the account's feed with the pending changes over it, in order. A change
 * that was set aside claims nothing (E8).
 */
export function peopleOnScreen(base: People, changes: readonly StoredMutation[]): People {
  const active = changes.filter((change) => isAboutPeople(change) && !change.setAside)
  if (active.length === 0) return base
  const draft = new PeopleDraft(base)
  for (const change of active) draft.lay(change)
  return draft
}
