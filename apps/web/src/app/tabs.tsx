import { Link, useMatchRoute } from '@tanstack/react-router'
import { Icon, type IconName } from '../ui/icon.tsx'
import { type MessageId, t } from './i18n.tsx'
import { usePeople, useSyncPart } from './session.tsx'

/** How many things wait for the person, as a small count beside the tray. */
export function NeedsCount({ className }: { className: string }) {
  const count = useSyncPart(({ needsYou }) => needsYou) ?? 0
  if (count === 0) return null
  return (
    <>
      <span className={className} aria-hidden="true">
        {count}
      </span>
      <span className="sr">{t('app.nav.waiting', { count })}</span>
    </>
  )
}

/** How many people ask to be friends. */
function AsksCount({ className }: { className: string }) {
  const people = usePeople()
  const count = [...(people?.friends.values() ?? [])].filter(({ state }) => state === 'asks').length
  if (count === 0) return null
  return (
    <>
      <span className={className} aria-hidden="true">
        {count}
      </span>
      <span className="sr">{t('app.nav.asking', { count })}</span>
    </>
  )
}

/** The places of the app besides capture; the dex stays current while an entry of it is open. */
export const PLACES = [
  { to: '/', icon: 'dex', label: 'app.nav.dex' },
  { to: '/friends', icon: 'people', label: 'app.nav.friends' },
  { to: '/tray', icon: 'tray', label: 'app.nav.tray' },
  { to: '/settings', icon: 'settings', label: 'app.nav.settings' },
] as const satisfies readonly { to: string; icon: IconName; label: MessageId }[]

/** A link to a place. An entry is open in the dex, so the dex stays current. */
export function PlaceLink({ place, className, needs }: { place: (typeof PLACES)[number]; className?: string; needs: string }) {
  const match = useMatchRoute()
  const within = place.to === '/' && Boolean(match({ to: '/entry/$id' }))
  return (
    <Link
      to={place.to}
      activeOptions={{ exact: true, includeSearch: false }}
      inactiveProps={within ? { 'aria-current': 'page' } : {}}
      {...(className ? { className } : {})}
    >
      <Icon name={place.icon} />
      {t(place.label)}
      {place.to === '/tray' && <NeedsCount className={needs} />}
      {place.to === '/friends' && <AsksCount className={needs} />}
    </Link>
  )
}

/** Moving about on a phone: under the thumb, capture in the middle. */
export function Tabs() {
  const [dex, friends, tray, settings] = PLACES
  return (
    <nav className="tabs" aria-label={t('app.nav')}>
      <PlaceLink place={dex} needs="count n" />
      <PlaceLink place={friends} needs="count n" />
      <Link to="/capture" className="capture">
        <span className="lens">
          <Icon name="camera" />
        </span>
        {t('app.nav.capture')}
      </Link>
      <PlaceLink place={tray} needs="count n" />
      <PlaceLink place={settings} needs="count n" />
    </nav>
  )
}
