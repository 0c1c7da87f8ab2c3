import { Outlet } from '@tanstack/react-router'
import { Suspense, useDeferredValue, useEffect, useRef, useState } from 'react'
import { SyncLine } from '../../slices/sync/sync-line.tsx'
import { Avatar } from '../../ui/avatar.tsx'
import { isSheetOpen } from '../../ui/sheet-open.ts'
import { announce } from '../announce.tsx'
import { useWhoseAvatar } from '../avatar-address.ts'
import { DexFaces } from '../dex-switch.tsx'
import { t } from '../i18n.tsx'
import { LackingLine } from '../lacking.tsx'
import { lazyPart } from '../lazy-part.tsx'
import { useOther, useSession } from '../session.tsx'
import { Title } from '../title.tsx'
import { useOpenEntry, useWays } from '../ways.tsx'
import { DexCounts, dexTitle, useWhose } from '../whose.tsx'
import { useWide } from '../wide.ts'
import { stopFollowing, useArrived } from './arrivals.ts'
import type { PlateCell } from './cells.ts'
import { Find } from './find.tsx'
import { useKeepFirstWall } from './keep-first-wall.ts'
import { pickedWords, Shown } from './shown.tsx'
import { useFoundNews } from './use-found-news.ts'
import { useLayout } from './use-layout.ts'
import { type Selection, useSelection } from './use-selection.ts'
import { placeKey, useTakeView, useView, wallKey } from './use-view.ts'
import { useEntryName, useIsOpen, useWall, useWallModel, useWordsAhead, type Wall } from './use-wall.ts'
import type { View } from './wall-address.ts'
import { WallEmpty, WallNothingFound } from './wall-empty.tsx'
import { WallGrid } from './wall-grid.tsx'

const StrangerBar = lazyPart(async () => (await import('../../slices/friends/stranger-bar.tsx')).StrangerBar, LackingLine)
const SelectionBar = lazyPart(async () => (await import('./selection-bar.tsx')).SelectionBar, LackingLine)

/** What is to be said over the wall of somebody who is no friend. */
function OfStranger() {
  const other = useOther()
  if (other?.relation !== 'stranger' || !other.person) return null
  return (
    <Suspense>
      <StrangerBar person={other.person} more={other.more} />
    </Suspense>
  )
}

function Selecting({ selection }: { selection: Selection }) {
  return (
    <Suspense fallback={<div className="find" />}>
      <SelectionBar selection={selection} />
    </Suspense>
  )
}

/** The top of a phone: whose dex this is, what is in it, how sync stands. */
function PhoneHeader() {
  const { displayName } = useWhose()
  const avatar = useWhoseAvatar()
  const { animals, entries } = useWallModel()
  return (
    <header className="whose">
      <div className="row">
        <Avatar name={displayName ?? ''} src={avatar} />
        <div className="grow">
          <h1>{dexTitle(displayName)}</h1>
          <div className="small">
            <DexCounts animals={animals} entries={entries} />
          </div>
        </div>
        <DexFaces />
      </div>
      <SyncLine />
    </header>
  )
}

const focusPlate = (scroller: HTMLElement | null): void => scroller?.querySelector<HTMLElement>('.plate[tabindex="0"]')?.focus()

/** Escape closes the entry, else clears what narrows the wall; an arrow key with nothing focused steps onto the wall. */
function useKeys(leave: (() => void) | undefined, scroller: HTMLElement | null): void {
  const latest = useRef(leave)
  latest.current = leave
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.defaultPrevented || isSheetOpen()) return
      if (event.key === 'Escape' && latest.current) {
        latest.current()
        focusPlate(scroller)
      } else if (/^Arrow(Up|Down|Left|Right)$/.test(event.key) && document.activeElement === document.body) {
        event.preventDefault()
        focusPlate(scroller)
      }
    }
    document.addEventListener('keydown', onKeyDown)
    return () => document.removeEventListener('keydown', onKeyDown)
  }, [scroller])
}

/** What was just kept comes into sight and is said. Where filters would hide it they make way. */
function useKeptNews(wall: Wall, clear: () => void): number | undefined {
  const kept = useArrived()
  const { live, cells, total, whole } = wall
  const isKept = useIsOpen(kept)
  const name = useEntryName(kept ?? '')
  const at = live && name !== undefined ? cells.findIndex((cell) => cell.kind === 'plate' && isKept(cell)) : -1
  const hidden = name !== undefined && live && at < 0 && !whole
  const latest = useRef(clear)
  latest.current = clear
  useEffect(() => {
    if (hidden) latest.current()
  }, [hidden])
  const said = useRef<string | undefined>(undefined)
  useEffect(() => {
    if (!kept || at < 0 || said.current === kept) return
    said.current = kept
    announce(t('wall.kept', { name: name || t('wall.unnamed'), at: at + 1, total }))
  }, [kept, at, name, total])
  return at < 0 ? undefined : at
}

/** Whoever moves the wall or leaves it is not brought back to what was kept. */
const GOES_ELSEWHERE = { onWheel: stopFollowing, onPointerDown: stopFollowing, onKeyDown: stopFollowing }

interface PlatesProps {
  readonly wall: Wall
  readonly view: View
  readonly query: string
  readonly open: string | undefined
  readonly follow: number | undefined
  readonly selection: Selection
  readonly onClear: () => void
  readonly scroller: HTMLElement | null
}

function Plates({ wall, view, query, open, follow, selection, onClear, scroller }: PlatesProps) {
  const { cells, total, live } = wall
  const session = useSession()
  const layout = useLayout(scroller)
  const isOpen = useIsOpen(open)
  const other = useOther()
  const ways = useWays()
  const own = 'account' in session ? (session.account ?? '') : ''
  const account = other ? (other.person?.id ?? '') : own
  const typed = query.trim()
  if (!layout || !scroller) return null
  if (cells.length > 0) {
    const beginAt = open ? cells.findIndex((cell) => cell.kind === 'plate' && isOpen(cell)) : -1
    const begin = beginAt < 0 ? undefined : beginAt
    const key = placeKey(other?.person?.id, view) + (typed && ` ${typed}`)
    const place = { wall: key, kept: !typed, live, begin, follow }
    const onOpen = (cell: PlateCell) => (selection.on ? selection.toggle(cell) : ways.entry(cell.entry))
    const isChosen = selection.on ? selection.has : undefined
    return <WallGrid {...{ cells, total, layout, scroller, isOpen, onOpen, isChosen, place }} dex={account} />
  }
  if (!live) return null
  if (wall.whole) return <WallEmpty />
  return <WallNothingFound query={typed} filters={pickedWords(view, wall.outing)} onClear={onClear} />
}

/** The wall, with what is open beside it (desktop) or over it (phone). */
export function WallScreen() {
  const wide = useWide()
  const ways = useWays()
  const open = useOpenEntry()
  // State, not a ref: the plates can be laid out once there is an element to measure, and not before.
  const [scroller, setScroller] = useState<HTMLElement | null>(null)
  const input = useRef<HTMLInputElement>(null)
  const [query, setQuery] = useState('')
  const view = useView()
  const take = useTakeView(view)
  const shown = { view, query: useDeferredValue(query) }
  const wall = useWall(shown.view, shown.query)
  const clear = () => {
    setQuery('')
    take.clear()
  }
  useKeepFirstWall(wall, view)
  useFoundNews(`${wallKey({ ...view, sort: 'number', reverse: false })} ${shown.query.trim()}`, wall)
  useWordsAhead()
  const follow = useKeptNews(wall, clear)
  const selection = useSelection(wall)
  const leave = selection.on ? selection.end : open ? ways.wall : wall.whole ? undefined : clear
  useKeys(leave, scroller)
  const empty = useWallModel().entries === 0
  const onLeave = () => focusPlate(scroller)
  const find = { wall, view, take, query, input, onQuery: setQuery, onClear: clear, onLeave, onSelect: selection.begin }
  return (
    <>
      {!open && <Title of={t('wall.title')} />}
      <div className="wall-side" inert={!wide && open !== undefined} {...GOES_ELSEWHERE}>
        {!wide && <PhoneHeader />}
        <OfStranger />
        {!empty && (selection.on ? <Selecting selection={selection} /> : <Find {...find} />)}
        {!empty && <Shown wall={wall} view={view} take={take} onClear={clear} />}
        <main className="main" id="content" tabIndex={-1} ref={setScroller}>
          {wide && <h1 className="sr">{t('wall.title')}</h1>}
          <Plates {...{ wall, open, follow, scroller, selection }} {...shown} onClear={clear} />
        </main>
      </div>
      <Outlet />
    </>
  )
}
