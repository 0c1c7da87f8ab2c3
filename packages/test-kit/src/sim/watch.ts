import { canonical } from '@biologidex/core/json'
import type { EntryOnScreen } from '@biologidex/core/sync/overlay'
import type { SimDevice } from './device.ts'
import type { Deed, Ledger } from './ledger.ts'
import { shown } from './values.ts'

/** Something that a device's own screen has to show, whatever goes on. */
interface Expectation {
  readonly what: string
  readonly entry: string
  readonly holds: (entry: EntryOnScreen) => boolean
}

/** How a name that was typed comes back is the server's to say. */
const NOT_AS_TYPED: ReadonlySet<string> = new Set(['animal', 'identifications'])

/** Everything that touches one thing, an entry or one of its fields. */
function gather(deeds: readonly Deed[], keysOf: (draft: Deed['drafts'][number]) => string[]): Map<string, Deed[]> {
  const found = new Map<string, Deed[]>()
  for (const deed of deeds) {
    for (const key of deed.drafts.flatMap(keysOf)) found.set(key, [...(found.get(key) ?? []), deed])
  }
  return found
}

/**
 * Looks at the screens all the time: what a device was told is kept shows there from then on, without a gap (O7). Judged are
 * entries that nobody deletes, and of those the fields that one device alone edits.
 */
export class Watch {
  readonly #ledger: Ledger
  #seen = -1
  #expected = new Map<string, Expectation[]>()

  constructor(ledger: Ledger) {
    this.#ledger = ledger
  }

  /** What does not show, on any device. */
  *look(devices: readonly SimDevice[]): Iterable<string> {
    if (this.#seen !== this.#ledger.version) this.#learn()
    for (const device of devices) {
      const entries = device.program?.dex.entries
      for (const { what, entry, holds } of entries ? (this.#expected.get(device.name) ?? []) : []) {
        const there = entries?.get(entry)
        if (!there || !holds(there)) yield `${device.name} does not show ${what} of ${entry} any more`
      }
    }
  }

  #learn(): void {
    this.#seen = this.#ledger.version
    this.#expected = new Map()
    const deeds = this.#ledger.deeds.filter((deed) => deed.kept !== false)
    const deleted = new Set(deeds.flatMap(({ drafts }) => drafts.filter(({ op }) => op === 'delete').map(({ id }) => id)))
    for (const deed of deeds) if (this.#stands(deed)) this.#expectMade(deed, deleted)
    const byField = gather(deeds, ({ type, id, set }) =>
      type === 'entry' ? Object.keys(set ?? {}).map((field) => `${id} ${field}`) : [],
    )
    for (const [key, editors] of byField) this.#expectField(key, editors, deleted)
  }

  /** The device was told that it is kept, and was not put back to before since. */
  #stands({ device, kept, began }: Deed): boolean {
    return kept === true && began > this.#ledger.returned(device)
  }

  #expect(device: string, expectation: Expectation): void {
    this.#expected.set(device, [...(this.#expected.get(device) ?? []), expectation])
  }

  #expectMade({ device, drafts, photos }: Deed, deleted: ReadonlySet<string>): void {
    for (const { type, op, id } of drafts) {
      if (type !== 'entry' || op !== 'create' || deleted.has(id)) continue
      this.#expect(device, { what: 'anything', entry: id, holds: () => true })
    }
    for (const { entry, image } of photos) {
      if (deleted.has(entry) || deleted.has(image)) continue
      const holds = ({ images }: EntryOnScreen) => images?.some(({ id }) => id === image) === true
      this.#expect(device, { what: `the photo ${image}`, entry, holds })
    }
  }

  #expectField(key: string, editors: readonly Deed[], deleted: ReadonlySet<string>): void {
    const [entry = '', field = ''] = key.split(' ')
    const last = editors.at(-1)
    const alone = editors.every(({ device }) => device === last?.device)
    if (!last || !this.#stands(last) || !alone || deleted.has(entry) || NOT_AS_TYPED.has(field)) return
    // What was changed twice in one moment, or again by a disk that had forgotten it, is a clash with oneself.
    const known = editors.every((one) => one === last || (one.replays === 0 && this.#ledger.remembers(last, one)))
    if (!known) return
    const change = last.drafts.find(({ id, set }) => id === entry && set?.[field])?.set?.[field]
    const wanted = change && 'to' in change ? canonical(change.to) : ''
    const holds = (there: EntryOnScreen) => canonical(shown(there, field)) === wanted
    this.#expect(last.device, { what: `${field} ${wanted}`, entry, holds })
  }
}
