import type { BlobCache } from '@biologidex/client/ports'
import { withDrafts } from '../../app/draft-box.ts'

/** The names under which a capture lies: its words, the photo that they were said of, and the others under their checksums. */
export interface DraftKeys {
  readonly words: string
  readonly photo: string
  readonly other: (sha256: string) => string
}

const folderOf = (n: number): string => (n === 1 ? 'capture' : `capture-${n}`)

function keysIn(folder: string): DraftKeys {
  const photo = `${folder}/photo`
  return { words: `${folder}/words`, photo, other: (sha256) => `${photo}/${sha256}` }
}

/** The numbers of the places with a capture that was begun, in their order. */
function placesIn(keys: readonly string[]): number[] {
  const found = keys.flatMap((key) => {
    const n = /^capture(?:-(\d+))?\/words$/.exec(key)
    return n ? [Number(n[1] ?? 1)] : []
  })
  return found.sort((a, b) => a - b)
}

/** The names of all captures that were begun, among all there are. */
export const begunIn = (keys: readonly string[]): DraftKeys[] => placesIn(keys).map((n) => keysIn(folderOf(n)))

/** Takes a lock that is free; answers how to give it back, or undefined while another tab has it. */
function lockIfFree(name: string): Promise<(() => Promise<unknown>) | undefined> {
  return new Promise((resolve, reject) => {
    const held = navigator.locks.request(name, { ifAvailable: true }, (lock) => {
      if (!lock) return resolve(undefined)
      const end = Promise.withResolvers<void>()
      resolve(() => {
        end.resolve()
        return held
      })
      return end.promise
    })
    held.catch(reject)
  })
}

/** The number of the place that this tab was at last: a reload gives it up for a moment, in which another tab may look for one. */
const OWN = 'biologidex.capture-place'

function ownPlace(): number | undefined {
  try {
    return Number(sessionStorage.getItem(OWN) ?? Number.NaN)
  } catch {
    return undefined
  }
}

function rememberPlace(n: number): void {
  try {
    sessionStorage.setItem(OWN, String(n))
  } catch {
    // Storage is forbidden here: the tab takes whichever is free.
  }
}

/** What a page that was left gives back: asked for again only once it is free. */
let leaving: Promise<unknown> = Promise.resolve()

/** Where the capture of one tab lies while it is made: no other tab reads it or writes there. */
export class CapturePlace {
  readonly keys: DraftKeys
  readonly #account: string
  readonly #folder: string
  readonly #free: () => Promise<unknown>
  #last: Promise<unknown> = Promise.resolve()

  private constructor(account: string, folder: string, free: () => Promise<unknown>) {
    this.#account = account
    this.#folder = folder
    this.#free = free
    this.keys = keysIn(folder)
  }

  /** A place with a capture that was begun and that no tab is at, this tab's last before others; else an empty one. */
  static async take(account: string): Promise<CapturePlace> {
    await leaving
    // Where there are no locks nothing can be sealed either, and nothing is written.
    if (!(navigator as { locks?: LockManager }).locks) return new CapturePlace(account, folderOf(1), () => Promise.resolve())
    const there = (await withDrafts(account, (box) => box.keys())) ?? []
    const begun = placesIn(there)
    const own = ownPlace()
    for (const n of begun.toSorted((a, b) => Number(b === own) - Number(a === own))) {
      const place = await CapturePlace.#at(account, n)
      if (place) return place
    }
    for (let n = 1; ; n += 1) {
      const place = begun.includes(n) ? undefined : await CapturePlace.#at(account, n)
      if (place) return place
    }
  }

  static async #at(account: string, n: number): Promise<CapturePlace | undefined> {
    const free = await lockIfFree(`biologidex-capture/${account}/${n}`)
    if (!free) return undefined
    rememberPlace(n)
    return new CapturePlace(account, folderOf(n), free)
  }

  /** Runs work on what lies in the drafts, one after another; undefined where nothing can be sealed. */
  run<T>(work: (box: BlobCache) => Promise<T>): Promise<T | undefined> {
    const turn = this.#last.then(() => withDrafts(this.#account, work))
    this.#last = turn.catch(() => undefined)
    return turn
  }

  /** Resolves once all that was asked for is done. */
  async idle(): Promise<void> {
    await this.#last
  }

  /** Deletes what lies here. */
  async empty(): Promise<void> {
    await this.run(async (box) => box.delete((await box.keys()).filter((key) => key.startsWith(`${this.#folder}/`))))
  }

  /** Another tab may have it, once all that was asked for is done. */
  leave(): void {
    leaving = this.#last.then(() => this.#free())
  }
}
