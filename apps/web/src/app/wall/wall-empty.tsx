import { Link } from '@tanstack/react-router'
import { buttonClass } from '../../ui/button.tsx'
import { Icon } from '../../ui/icon.tsx'
import { T, t } from '../i18n.tsx'
import { Notice } from '../notice.tsx'
import { useDexIfOpen, useSyncStatus } from '../session.tsx'
import { Meadow } from './meadow.tsx'

function FirstStep() {
  const offline = useSyncStatus()?.connection === 'offline'
  return (
    <Notice
      art={<Meadow />}
      title={t('wall.empty.title')}
      text={
        <>
          {t('wall.empty.text')}
          {offline && <> {t('wall.empty.offline')}</>}
        </>
      }
    >
      <Link to="/capture" className={buttonClass({ kind: 'go', shape: 'round' })}>
        <Icon name="camera" />
        {t('wall.empty.first')}
      </Link>
    </Notice>
  )
}

/** A wall without plates: a new dex explains itself; one that is still arriving says so. */
export function WallEmpty() {
  const dex = useDexIfOpen()
  const connection = useSyncStatus()?.connection
  const arriving = dex?.complete === false && connection !== 'offline' && connection !== 'waiting'
  if (arriving) return <Notice art={<Meadow />} title={t('wall.arriving.title')} text={t('wall.arriving.text')} />
  return <FirstStep />
}

/** A search that finds nothing. */
export function WallNothingFound({ query }: { query: string }) {
  return <Notice title={t('wall.nothing.title')} text={<T id="wall.nothing.text" values={{ query }} />} />
}
