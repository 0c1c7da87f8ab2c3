import type { ProfileItem } from '@biologidex/core/accounts/account'
import { type AnimalItem, mergeAnimal, type Names } from '@biologidex/core/animals/animal'
import { calledAs, namesTyped } from '@biologidex/core/animals/called'
import type { ConflictItem } from '@biologidex/core/entries/entry'
import type { EntryOnScreen, OutingOnScreen, TrashOnScreen } from '@biologidex/core/sync/overlay'
import { Bell } from './bell.ts'
import type { CatalogueView, DexView } from './face.ts'
import type { LiveFeed } from './live.ts'
import type { StoredMutation } from './ports.ts'
import { type EntryMaps, outingsOnScreen, profileOnScreen, Screen, settledConflicts } from './screen.ts'

export interface DexParts {
  readonly account: string
  readonly dex: LiveFeed
  readonly catalogue: LiveFeed
  /** Changes to lay over the base: the outbox for the own dex, nothing for others'. */
  readonly changes: () => readonly StoredMutation[]
  readonly onClose: (view: LocalDexView) => void
}

/** A dex on screen (O7). What it gives is made when it is asked for after a change, and kept until the next. */
export class LocalDexView implements DexView {
  readonly account: string
  readonly #parts: DexParts
  readonly #bell = new Bell()
  readonly #screen = new Screen()
  readonly #unlisten: readonly (() => void)[]
  #shown: EntryMaps | undefined
  #called: ReadonlyMap<string, Names> | undefined
  #outings: ReadonlyMap<string, OutingOnScreen> | undefined
  #conflicts: ReadonlyMap<string, ConflictItem> | undefined

  constructor(parts: DexParts) {
    this.account = parts.account
    this.#parts = parts
    this.#unlisten = [parts.dex.listen(() => this.refresh()), parts.catalogue.listen(() => this.#bell.ring())]
  }

  get entries(): ReadonlyMap<string, EntryOnScreen> {
    return this.#maps().entries
  }

  get trash(): ReadonlyMap<string, TrashOnScreen> {
    return this.#maps().trash
  }

  #maps(): EntryMaps {
    this.#shown ??= this.#screen.show(this.#parts.dex.content, this.#parts.changes())
    return this.#shown
  }

  get outings(): ReadonlyMap<string, OutingOnScreen> {
    this.#outings ??= outingsOnScreen(this.#parts.dex.content.outings, this.#parts.changes())
    return this.#outings
  }

  get conflicts(): ReadonlyMap<string, ConflictItem> {
    if (this.#conflicts) return this.#conflicts
    const conflicts = new Map(this.#parts.dex.content.conflicts)
    for (const id of settledConflicts(this.#parts.changes())) conflicts.delete(id)
    this.#conflicts = conflicts
    return conflicts
  }

  get profile(): ProfileItem | undefined {
    return profileOnScreen(this.#parts.dex.content.profile, this.#parts.changes())
  }

  get complete(): boolean {
    return this.#parts.dex.complete
  }

  animal(id: string): AnimalItem | undefined {
    const known = mergeAnimal(this.#parts.dex.content.animals.get(id), this.#parts.catalogue.content.animals.get(id))
    return calledAs(known, () => this.#typed())
  }

  #typed(): ReadonlyMap<string, Names> {
    if (this.#called) return this.#called
    const { entries, trash } = this.#maps()
    const deleted = namesTyped(Array.from(trash.values(), ({ entry }) => entry))
    this.#called = new Map([...deleted, ...namesTyped(entries.values())])
    return this.#called
  }

  changesOf(entry: string): readonly StoredMutation[] {
    this.#maps()
    return this.#screen.changesOf(entry)
  }

  subscribe(listener: () => void): () => void {
    return this.#bell.listen(listener)
  }

  /** The base or the changes over it are other ones now. */
  refresh(): void {
    this.#shown = undefined
    this.#called = undefined
    this.#outings = undefined
    this.#conflicts = undefined
    this.#bell.ring()
  }

  close(): void {
    for (const unlisten of this.#unlisten) unlisten()
    this.#bell.clear()
    this.#parts.onClose(this)
  }
}

/** The catalogue on screen. */
export class LocalCatalogueView implements CatalogueView {
  readonly #live: LiveFeed
  readonly #bell = new Bell()
  readonly #unlisten: () => void
  readonly #onClose: () => void
  #animals: ReadonlyMap<string, AnimalItem> | undefined

  constructor(live: LiveFeed, onClose: () => void) {
    this.#live = live
    this.#onClose = onClose
    this.#unlisten = live.listen(() => {
      this.#animals = undefined
      this.#bell.ring()
    })
  }

  get animals(): ReadonlyMap<string, AnimalItem> {
    this.#animals ??= new Map(this.#live.content.animals)
    return this.#animals
  }

  subscribe(listener: () => void): () => void {
    return this.#bell.listen(listener)
  }

  close(): void {
    this.#unlisten()
    this.#bell.clear()
    this.#onClose()
  }
}
