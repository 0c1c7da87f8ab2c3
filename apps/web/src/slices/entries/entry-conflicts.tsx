import type { ConflictItem } from '@biologidex/core/entries/entry'
import { t } from '../../app/i18n.tsx'
import { Clash } from './clash.tsx'

/** What two devices said differently of this entry: both whole, either to be chosen, nothing lost until then (O4). */
export function EntryConflicts({ conflicts }: { conflicts: readonly ConflictItem[] }) {
  return (
    <section id="needs-you" className="clashes">
      <h2>{t('tray.title')}</h2>
      {conflicts.map((conflict) => (
        <div key={conflict.id} className="one-clash">
          <Clash conflict={conflict} />
        </div>
      ))}
    </section>
  )
}
