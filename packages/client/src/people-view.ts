import { Bell } from './bell.ts'
import type { BlockOnScreen, FriendOnScreen, PeopleView } from './face.ts'
import type { LiveFeed } from './live.ts'
import { type People, peopleOnScreen } from './people.ts'
import type { StoredMutation } from './ports.ts'

export interface PeopleParts {
  /** The account's own feed. */
  readonly live: LiveFeed
  readonly changes: () => readonly StoredMutation[]
  readonly onClose: (view: LocalPeopleView) => void
}

/** Friends, requests and blocks on screen. What it gives is made when it is asked for after a change, and kept until the next. */
export class LocalPeopleView implements PeopleView {
  readonly #parts: PeopleParts
  readonly #bell = new Bell()
  readonly #unlisten: () => void
  #shown: People | undefined

  constructor(parts: PeopleParts) {
    this.#parts = parts
    this.#unlisten = parts.live.listen(() => this.refresh())
  }

  get friends(): ReadonlyMap<string, FriendOnScreen> {
    return this.#people().friends
  }

  get blocks(): ReadonlyMap<string, BlockOnScreen> {
    return this.#people().blocks
  }

  get complete(): boolean {
    return this.#parts.live.complete
  }

  #people(): People {
    // Copied: a map that was handed out stays as it was (face.ts).
    const { friends, blocks } = this.#parts.live.content
    this.#shown ??= peopleOnScreen({ friends: new Map(friends), blocks: new Map(blocks) }, this.#parts.changes())
    return this.#shown
  }

  subscribe(listener: () => void): () => void {
    return this.#bell.listen(listener)
  }

  /** The base or the changes over it are other ones now. */
  refresh(): void {
    this.#shown = undefined
    this.#bell.ring()
  }

  close(): void {
    this.#unlisten()
    this.#bell.clear()
    this.#parts.onClose(this)
  }
}
