import type { SimDevice } from '../device.ts'
import { type Done, isSame, type Ledger } from '../ledger.ts'

const ALLOWED = new Set(['missing_target', 'depends_on_failed'])

/** The changes that devices set aside with a reason, as the ledger has them. */
export function setAside(devices: readonly SimDevice[], ledger: Ledger): Set<Done['draft']> {
  const changes = devices.flatMap((device) => device.outbox().filter((change) => change.setAside))
  const drafts = ledger.kept().map(({ draft }) => draft)
  return new Set(drafts.filter((draft) => changes.some((change) => isSame(change, draft))))
}

/**
 * Only what can't be done is set aside: a picture for an entry that was deleted elsewhere. Everything else has its place, and
 * nothing but that is left in an outbox.
 */
export function* checkSetAside(devices: readonly SimDevice[], ledger: Ledger): Iterable<string> {
  const deleted = new Set(ledger.kept().flatMap(({ draft }) => (draft.op === 'delete' ? [draft.id] : [])))
  for (const device of devices) {
    for (const change of device.outbox()) {
      const { type, id, op, setAside: aside } = change
      const entry = change.set?.entry
      const of = entry && 'to' in entry ? String(entry.to) : ''
      const known = ledger.kept().some(({ draft }) => isSame(change, draft))
      if (known && aside && ALLOWED.has(aside.code) && type === 'image' && deleted.has(of)) continue
      yield `${device.name} still has the change ${op} ${type}/${id}, ${aside ? `set aside: ${aside.code}` : 'not sent'}`
    }
  }
}
