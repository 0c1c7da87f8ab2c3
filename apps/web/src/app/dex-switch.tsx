import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { Avatar } from '../ui/avatar.tsx'
import { Icon } from '../ui/icon.tsx'
import { Sheet } from '../ui/sheet.tsx'
import { useAvatar, useOwnAvatar } from './avatar-address.ts'
import { type Face, useFaces } from './faces.ts'
import { formatCount } from './format.ts'
import { t } from './i18n.tsx'
import { useOther, useOwnDexIfOpen } from './session.tsx'
import { tintOf } from './tint.ts'
import { DexLink } from './ways.tsx'

/** How many ways there is room for on a phone's header and on the rail; the others are one step away. */
const ON_PHONE = 2
const ON_RAIL = 6

function FriendAvatar({ person, size }: { person: Face['person']; size?: 's' | 'm' }) {
  const src = useAvatar({ dex: person.id, sha256: person.avatar?.sha256 })
  return <Avatar name={person.displayName} src={src} tint={tintOf(person.id)} {...(size ? { size } : {})} />
}

function News({ count }: { count: number }) {
  return count > 0 ? <span className="news n">{t('dex.news', { count })}</span> : null
}

function FaceLink({ face: { person, summary } }: { face: Face }) {
  const news = summary?.news ?? 0
  return (
    <DexLink
      username={person.username}
      className="face"
      aria-label={t('dex.open', { name: person.displayName, news })}
      title={person.displayName}
    >
      <FriendAvatar person={person} />
      {news > 0 && (
        <span className="count n" aria-hidden="true">
          {news > 99 ? '99+' : news}
        </span>
      )}
    </DexLink>
  )
}

function OwnFace() {
  const src = useOwnAvatar()
  const name = useOwnDexIfOpen()?.profile?.displayName ?? ''
  return (
    <Link to="/" className="face" aria-label={t('dex.own')}>
      <Avatar name={name} src={src} tint="leaf" />
    </Link>
  )
}

function Line({ face: { person, summary }, small }: { face: Face; small: boolean }) {
  return (
    <DexLink username={person.username} className="dex-line">
      <FriendAvatar person={person} size="s" />
      <span className="name">{person.displayName}</span>
      {!small && summary && <span className="small soft n">{formatCount(summary.entries)}</span>}
      <News count={summary?.news ?? 0} />
    </DexLink>
  )
}

function OwnLine() {
  const src = useOwnAvatar()
  const name = useOwnDexIfOpen()?.profile?.displayName ?? ''
  return (
    <Link to="/" className="dex-line" activeOptions={{ exact: true, includeSearch: false }}>
      <Avatar name={name} src={src} size="s" tint="leaf" />
      <span className="name">{t('app.ownDex')}</span>
    </Link>
  )
}

/** A phone's way into other dexes: the last ones as faces, all of them in a sheet. */
export function DexFaces() {
  const faces = useFaces()
  const other = useOther()
  const [open, setOpen] = useState(false)
  if (faces.length === 0 && !other) return null
  const rest = faces.filter(({ person }) => person.id !== other?.person?.id)
  const room = other ? ON_PHONE - 1 : ON_PHONE
  // What does not fit makes room for the way to all.
  const shown = rest.length > room ? rest.slice(0, room - 1) : rest
  return (
    <nav className="faces" aria-label={t('dex.others')}>
      {other && <OwnFace />}
      {shown.map((face) => (
        <FaceLink key={face.person.id} face={face} />
      ))}
      {rest.length > shown.length && (
        <button
          type="button"
          className="face all"
          aria-label={t('dex.all')}
          aria-haspopup="dialog"
          onClick={() => setOpen(true)}
        >
          <span className="n">+{rest.length - shown.length}</span>
        </button>
      )}
      <Sheet open={open} onClose={() => setOpen(false)} title={t('dex.all')}>
        <div className="dex-lines" onClickCapture={() => setOpen(false)}>
          <OwnLine />
          {open && faces.map((face) => <Line key={face.person.id} face={face} small={false} />)}
        </div>
      </Sheet>
    </nav>
  )
}

/** A desktop's: under the places, own dex first. */
export function DexList() {
  const faces = useFaces()
  const other = useOther()
  if (faces.length === 0 && !other) return null
  return (
    <nav className="dex-lines" aria-labelledby="rail-dexes">
      <h2 id="rail-dexes">{t('dex.others')}</h2>
      {other && <OwnLine />}
      {faces.slice(0, ON_RAIL).map((face) => (
        <Line key={face.person.id} face={face} small />
      ))}
      {faces.length > ON_RAIL && (
        <Link to="/friends" className="dex-line more">
          <Icon name="people" />
          {t('dex.all')}
        </Link>
      )}
    </nav>
  )
}
