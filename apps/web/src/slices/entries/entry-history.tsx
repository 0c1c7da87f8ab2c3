import type { AnimalItem } from '@biologidex/core/animals/animal'
import { commonName } from '@biologidex/core/animals/animal'
import type { Identification } from '@biologidex/core/entries/entry'
import type { EntryOnScreen } from '@biologidex/core/sync/overlay'
import { formatInstant } from '../../app/format.ts'
import { readerLanguage, T, t } from '../../app/i18n.tsx'
import { useDex } from '../../app/session.tsx'
import { Button } from '../../ui/button.tsx'
import { Icon } from '../../ui/icon.tsx'

/** The name that was said, the Latin one in italics. */
function Said({
  said,
  entry,
  animal,
}: {
  said: Identification
  entry: EntryOnScreen
  animal: (id: string) => AnimalItem | undefined
}) {
  const known = said.animal === undefined ? undefined : animal(said.animal)
  const name = known && commonName(known, readerLanguage())
  if (name) return name
  const own = entry.animal === undefined ? undefined : animal(entry.animal)
  const latin = known?.scientificName ?? own?.scientificName ?? entry.typedAnimal?.scientificName
  return known || said.text === latin ? <i>{latin}</i> : (said.text ?? '…')
}

/** What was said of an entry, by whom and when; `onAll` leads to everything that ever changed. */
export function EntryHistory({ entry, onAll }: { entry: EntryOnScreen; onAll: () => void }) {
  const { animal, profile } = useDex()
  const { created, updated, identifications = [] } = entry
  return (
    <section>
      <h2>{t('entry.history')}</h2>
      <ol className="history">
        <li>{t('entry.history.kept', { when: formatInstant(created) })}</li>
        {identifications.map((one) => {
          const name = <Said said={one} entry={entry} animal={animal} />
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
      <Button className="history-all" onClick={onAll}>
        <Icon name="history" />
        {t('entry.history.all')}
      </Button>
    </section>
  )
}
