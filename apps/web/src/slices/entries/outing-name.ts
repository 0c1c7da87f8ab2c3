import type { EntryOnScreen, OutingOnScreen } from '@biologidex/core/sync/overlay'
import { formatObserved } from '../../app/format.ts'
import { t } from '../../app/i18n.tsx'
import { dateOf } from './outings.ts'

/** What an outing is called: its name, else its date. */
export const outingName = (outing: OutingOnScreen, entries: readonly EntryOnScreen[]): string =>
  outing.name ?? t('outing.unnamed', { date: formatObserved(dateOf(outing, entries), 'short') })
