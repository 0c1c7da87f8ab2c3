import type { SimDevice } from '../device.ts'
import { type Done, isSame, type Ledger } from '../ledger.ts'

const ALLOWED = new Set(['missing_target', 'depends_on_failed'])
/** A friendship takes two: what one wants of another may be refused for what the other did. */
const ABOUT_PEOPLE = new Set(['friend', 'block'])
const REFUSED = new Set([...ALLOWED, 'invalid_mutation'])

/** The changes that devices set aside with a reason, as the ledger has them. */
export function setAside(devices: readonly SimDevice[], ledger: Ledger): Set<Done['draft']> {
  const changes = devices.flatMap((device) => device.outbox().filter((change) => change.setAside))
  const drafts = ledger.possible().map(({ draft }) => draft)
  return new Set(drafts.filter((draft) => changes.some((change) => isSame(change, draft))))
}

/**
 * Only what can't be done is set aside: what was to happen to a picture that was removed, or whose entry was deleted, elsewhere. Everything else has its place, and
 * nothing but that is left in an outbox.
 */
export function* checkSetAside(devices: readonly SimDevice[], ledger: Ledger): Iterable<string> {
  const deleted = new Set(ledger.possible().flatMap(({ draft }) => (draft.op === 'delete' ? [draft.id] : [])))
  const entries = new Map(ledger.photos(true).map(({ image, entry }) => [image, entry]))
  for (const device of devices) {
    for (const change of device.outbox()) {
      const { type, id, op, setAside: aside } = change
      const known = ledger.possible().some(({ draft }) => isSame(change, draft))
      const gone = deleted.has(id) || deleted.has(entries.get(id) ?? '')
      if (ABOUT_PEOPLE.has(type) && aside && REFUSED.has(aside.code)) continue
      if (known && aside && ALLOWED.has(aside.code) && type === 'image' && gone) continue
      yield `${device.name} still has the change ${op} ${type}/${id}, ${aside ? `set aside: ${aside.code}` : 'not sent'}`
    }
  }
}
