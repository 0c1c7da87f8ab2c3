import type { EntryOnScreen } from '@biologidex/core/sync/overlay'
import type { AnimalChoice } from '../animals/choice.ts'
import { choiceOf } from '../animals/recents.ts'
import { ownName } from './drafts.ts'

/** What is said of an entry's animal at present: a known one, a typed one, a name of the person's own, or nothing. */
export function choiceNow(entry: EntryOnScreen, animal: Parameters<typeof choiceOf>[1]): AnimalChoice {
  const own = ownName(entry)
  return choiceOf(entry, animal) ?? (own === undefined ? { kind: 'unsure' } : { kind: 'text', text: own })
}
