import { existsSync } from 'node:fs'
import { unsentOf } from '@biologidex/client/bring-in'
import { Refused } from '../refused.ts'
import type { Places } from './places.ts'
import { plural } from './progress.ts'
import { openPorts } from './run.ts'
import type { Session } from './session.ts'

/** How many changes and pictures lie on this machine alone: those that the server did not take, and what cannot be opened, too. */
async function countUnsent(places: Places, session: Session): Promise<{ changes: number; pictures: number }> {
  const { store, blobs, pictures } = openPorts(places, session)
  try {
    const { outbox, uploads, unreadable = 0 } = await store.load()
    const unsent = unsentOf({ changes: outbox, uploads })
    return { changes: unsent.changes.length + unreadable, pictures: unsent.pictures.length }
  } finally {
    await store.close()
    await blobs.close()
    await pictures.close()
  }
}

/** Nothing that a person brought in is dropped without asking them. @throws Refused when something lies on this machine alone */
export async function checkAllSent(places: Places, session: Session): Promise<void> {
  // Without its key nothing of the store can be read any more, by anybody.
  if (!existsSync(places.store) || !existsSync(places.key)) return
  const unsent = await countUnsent(places, session).catch((error: unknown) => {
    const words = 'What this machine keeps cannot be read, so it is not known whether all of it was sent.'
    throw new Refused(`${words} To sign out all the same: biologidex mirror --sign-out --drop-unsent`, error)
  })
  const { changes, pictures } = unsent
  if (changes + pictures === 0) return
  const what = [
    ...(changes > 0 ? [plural(changes, 'change', 'changes')] : []),
    ...(pictures > 0 ? [plural(pictures, 'picture', 'pictures')] : []),
  ].join(' and ')
  throw new Refused(
    `Only on this machine: ${what}. You are still signed in. To send them first: biologidex mirror DIR. ` +
      'To drop them for good: biologidex mirror --sign-out --drop-unsent',
  )
}
