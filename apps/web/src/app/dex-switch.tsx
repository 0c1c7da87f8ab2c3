import { Link } from '@tanstack/react-router'
import { Suspense, useState } from 'react'
import { Icon } from '../ui/icon.tsx'
import { FriendAvatar, Line, OwnAvatar, OwnLine } from './dex-line.tsx'
import { type Face, useFaces } from './faces.ts'
import { t } from './i18n.tsx'
import { LackingSheet } from './lacking.tsx'
import { lazyPart } from './lazy-part.tsx'
import { useOther } from './session.tsx'
import { DexLink } from './ways.tsx'

/** How many friends stand in the row of a phone's header and on the rail; the others are one step away. */
const ON_PHONE = 12
const ON_RAIL = 6

/** Ways up to which all of them are in sight, on any phone: beyond that their sheet shows more at once. */
const IN_SIGHT = 2

const DexSheet = lazyPart(async () => (await import('./dex-sheet.tsx')).DexSheet, LackingSheet)

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

/** The way to all dexes, with how many there are beyond the row, if any; its sheet is loaded when it is first asked for, and stays. */
function AllFaces({ faces, more }: { faces: readonly Face[]; more: number }) {
  const [open, setOpen] = useState<boolean>()
  return (
    <>
      <button type="button" className="face all" aria-label={t('dex.all')} aria-haspopup="dialog" onClick={() => setOpen(true)}>
        {more > 0 ? <span className="n">+{more}</span> : <Icon name="people" />}
      </button>
      {open !== undefined && (
        <Suspense>
          <DexSheet faces={faces} open={open} onClose={() => setOpen(false)} />
        </Suspense>
      )}
    </>
  )
}

/** A phone's way into other dexes: faces in a row that the thumb moves sideways, each one touch away, and all of them in a sheet. */
export function DexFaces() {
  const faces = useFaces()
  const other = useOther()
  if (faces.length === 0 && !other) return null
  const rest = faces.filter(({ person }) => person.id !== other?.person?.id)
  const shown = rest.slice(0, ON_PHONE)
  const ways = rest.length + (other ? 1 : 0)
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
      {ways > IN_SIGHT && <AllFaces faces={faces} more={rest.length - shown.length} />}
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
