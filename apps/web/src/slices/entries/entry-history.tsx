import type { AnimalItem } from '@biologidex/core/animals/animal'
import { commonName } from '@biologidex/core/animals/animal'
import type { Identification } from '@biologidex/core/entries/entry'
import type { EntryOnScreen } from '@biologidex/core/sync/overlay'
import { formatInstant } from '../../app/format.ts'
import { readerLanguage, T, t } from '../../app/i18n.tsx'
import { useDex } from '../../app/session.tsx'

/** The name that was said: Latin in italics when there is no common one. */
function said({ text }: Identification, animal: AnimalItem | undefined) {
  const name = animal && commonName(animal, readerLanguage())
  if (name) return name
  return animal ? <i>{animal.scientificName}</i> : (text ?? '…')
}

/** What was said of an entry, and when. */
export function EntryHistory({ entry }: { entry: EntryOnScreen }) {
  const { animal, profile } = useDex()
  const { created, updated, identifications = [] } = entry
  return (
    <section>
      <h2>{t('entry.history')}</h2>
      <ol className="history">
        <li>{t('entry.history.kept', { when: formatInstant(created) })}</li>
        {identifications.map((one) => {
          const name = said(one, one.animal === undefined ? undefined : animal(one.animal))
          const isOwn = !one.by || one.by === profile?.displayName
          return (
            <li key={one.id}>
              <span>
                <T
                  id={isOwn ? 'entry.history.named.you' : 'entry.history.named'}
                  values={{ name, by: one.by, when: formatInstant(one.at) }}
                />
              </span>
            </li>
          )
        })}
        {updated > created && <li>{t('entry.history.changed', { when: formatInstant(updated) })}</li>}
      </ol>
    </section>
  )
}
