import type { EntryOnScreen } from '@biologidex/core/sync/overlay'
import { useState } from 'react'
import { daysLeft } from '../../app/days-left.ts'
import { formatInstant } from '../../app/format.ts'
import { t } from '../../app/i18n.tsx'
import { useDex } from '../../app/session.tsx'
import { Button } from '../../ui/button.tsx'
import { Icon } from '../../ui/icon.tsx'
import { useHistory } from '../entries/use-history.ts'
import { removedPictures } from './removed-pictures.ts'

interface RemovedProps {
  readonly entry: EntryOnScreen
  readonly onBack: (image: string) => void
}

function Removed({ entry, onBack }: RemovedProps) {
  const dex = useDex()
  const { revisions, standing, more, again } = useHistory(entry.id, entry.updated)
  const [now] = useState(() => Date.now())
  const removed = removedPictures(entry, dex.changesOf(entry.id), revisions ?? [], now)
  return (
    <>
      <ul className="removed">
        {removed.map(({ id, at }) => (
          <li key={id}>
            <Icon name="album" />
            <span className="small">
              {t('images.removed.when', { when: formatInstant(at) })}
              <span className="soft"> · {t('trash.left', { days: daysLeft(at, now) })}</span>
            </span>
            <Button onClick={() => onBack(id)} aria-label={`${t('trash.restore')}: ${formatInstant(at)}`}>
              {t('trash.restore')}
            </Button>
          </li>
        ))}
      </ul>
      {removed.length === 0 && standing === 'here' && <p className="small soft">{t('images.removed.none')}</p>}
      {standing === 'asking' && !revisions && (
        <p className="small soft" role="status">
          {t('history.asking')}
        </p>
      )}
      {(standing === 'offline' || standing === 'failed') && (
        <div className="calm small">
          <p role="status">{t(standing === 'offline' ? 'images.removed.offline' : 'history.failed')}</p>
          <Button onClick={again}>{t('history.again')}</Button>
        </div>
      )}
      {more && (
        <Button kind="plain" onClick={more}>
          {t('history.more')}
        </Button>
      )}
    </>
  )
}

/** The pictures that were taken off an entry, for as long as they can be brought back; asked for once somebody looks. */
export function RemovedPictures(props: RemovedProps) {
  const [open, setOpen] = useState(false)
  return (
    <details className="removed-more" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>
        {t('images.removed.title')}
        <Icon name="down" />
      </summary>
      {open && <Removed {...props} />}
    </details>
  )
}
