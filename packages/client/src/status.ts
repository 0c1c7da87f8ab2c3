import type { SyncStatus } from './face.ts'
import { notify } from './notify.ts'
import type { Outbox } from './outbox.ts'
import { isUnsent } from './rests.ts'
import type { LeaderNews } from './tabs.ts'

export interface StatusSources {
  readonly outbox: Outbox
  /** How the leading engine stands, this one or another tab's. */
  readonly sync: () => LeaderNews['status']
  /** Clashes in the own dex, as far as it is open. */
  readonly conflicts: () => number
}

const STOPPED: SyncStatus = { connection: 'stopped', here: { changes: 0, pictures: 0 }, needsYou: 0 }

/** The one picture of sync that screens see; told only when it is another one. */
export class StatusBoard {
  readonly #sources: StatusSources
  readonly #listeners = new Set<(status: SyncStatus) => void>()
  #current = STOPPED
  #text = JSON.stringify(STOPPED)

  constructor(sources: StatusSources) {
    this.#sources = sources
  }

  get current(): SyncStatus {
    return this.#current
  }

  listen(listener: (status: SyncStatus) => void): () => void {
    this.#listeners.add(listener)
    return () => {
      this.#listeners.delete(listener)
    }
  }

  /** Makes the picture anew from what holds now. */
  refresh(): void {
    const { outbox, sync, conflicts } = this.#sources
    const aside = outbox.changes.filter((change) => change.setAside).length
    const failed = outbox.uploads.filter((upload) => upload.failed).length
    const pictures = outbox.uploads.filter((upload) => !upload.failed && upload.binned === undefined).length
    const here = { changes: outbox.changes.filter(isUnsent).length, pictures }
    const { unreadable } = outbox
    const needsYou = aside + failed + unreadable + conflicts()
    const status: SyncStatus = { ...sync(), here, needsYou, ...(unreadable > 0 ? { unreadable } : {}) }
    const text = JSON.stringify(status)
    if (text === this.#text) return
    this.#text = text
    this.#current = status
    notify(this.#listeners, status)
  }
}
