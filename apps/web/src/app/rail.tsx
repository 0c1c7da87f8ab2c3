import { Link } from '@tanstack/react-router'
import { SyncLine } from '../slices/sync/sync-line.tsx'
import { Avatar } from '../ui/avatar.tsx'
import { buttonClass } from '../ui/button.tsx'
import { Icon } from '../ui/icon.tsx'
import { useWhoseAvatar } from './avatar-address.ts'
import { DexList } from './dex-switch.tsx'
import { t } from './i18n.tsx'
import { PLACES, PlaceLink } from './tabs.tsx'
import { useWallModel } from './wall/use-wall.ts'
import { DexCounts, dexTitle, useWhose } from './whose.tsx'

/** The left of the desktop: whose dex, capture, the places, and how sync stands. */
export function Rail() {
  const { displayName } = useWhose()
  const avatar = useWhoseAvatar()
  const { animals, entries } = useWallModel()
  return (
    <header className="rail">
      <div className="who">
        <Avatar name={displayName ?? ''} src={avatar} size="l" />
        <div className="name whose-name">{dexTitle(displayName)}</div>
        <div>
          <DexCounts animals={animals} entries={entries} />
        </div>
      </div>
      <Link to="/capture" className={buttonClass({ kind: 'go' })}>
        <Icon name="camera" />
        {t('app.nav.capture')}
      </Link>
      <nav aria-label={t('app.nav')}>
        {PLACES.map((place) => (
          <PlaceLink key={place.to} place={place} className="place" needs="n needs" />
        ))}
      </nav>
      <DexList />
      <SyncLine />
    </header>
  )
}
