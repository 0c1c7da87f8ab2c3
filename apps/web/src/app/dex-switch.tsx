import { Link } from '@tanstack/react-router'
import { lazy, Suspense, useState } from 'react'
import { Icon } from '../ui/icon.tsx'
import { FriendAvatar, Line, OwnAvatar, OwnLine } from './dex-line.tsx'
import { type Face, useFaces } from './faces.ts'
import { t } from './i18n.tsx'
import { useOther } from './session.tsx'
import { DexLink } from './ways.tsx'

/** How many ways there is room for on a phone's header and on the rail; the others are one step away. */
const ON_PHONE = 2
const ON_RAIL = 6

const DexSheet = lazy(async () => ({ default: (await import('./dex-sheet.tsx')).DexSheet }))

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

/** The way to all dexes, with how many there are besides; its sheet is loaded when it is first asked for, and stays. */
function AllFaces({ faces, more }: { faces: readonly Face[]; more: number }) {
  const [open, setOpen] = useState<boolean>()
  return (
    <>
      <button type="button" className="face all" aria-label={t('dex.all')} aria-haspopup="dialog" onClick={() => setOpen(true)}>
        <span className="n">+{more}</span>
      </button>
      {open !== undefined && (
        <Suspense>
          <DexSheet faces={faces} open={open} onClose={() => setOpen(false)} />
        </Suspense>
      )}
    </>
  )
}

/** A phone's way into other dexes: the last ones as faces, all of them in a sheet. */
export function DexFaces() {
  const faces = useFaces()
  const other = useOther()
  if (faces.length === 0 && !other) return null
  const rest = faces.filter(({ person }) => person.id !== other?.person?.id)
  const room = other ? ON_PHONE - 1 : ON_PHONE
  // What does not fit makes room for the way to all.
  const shown = rest.length > room ? rest.slice(0, room - 1) : rest
  return (
    <nav className="faces" aria-label={t('dex.others')}>
      {other && (
        <Link to="/" className="face" aria-label={t('dex.own')}>
          <OwnAvatar />
        </Link>
      )}
      {shown.map((face) => (
        <FaceLink key={face.person.id} face={face} />
      ))}
      {rest.length > shown.length && <AllFaces faces={faces} more={rest.length - shown.length} />}
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
        <Line key={face.person.id} face={face} />
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
