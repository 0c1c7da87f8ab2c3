import { Outlet, useMatchRoute, useNavigate } from '@tanstack/react-router'
import { useDeferredValue, useEffect, useLayoutEffect, useRef, useState } from 'react'
import { SyncLine } from '../../slices/sync/sync-line.tsx'
import { Avatar } from '../../ui/avatar.tsx'
import { isSheetOpen } from '../../ui/sheet-open.ts'
import { announce } from '../announce.tsx'
import { t } from '../i18n.tsx'
import { useSession } from '../session.tsx'
import { Title } from '../title.tsx'
import { DexCounts, dexTitle, useWhose } from '../whose.tsx'
import { useWide } from '../wide.ts'
import { Find } from './find.tsx'
import { useKeepFirstWall } from './keep-first-wall.ts'
import { useLayout } from './use-layout.ts'
import { type Cells, useCells, useIsOpen, useSort, useWallModel } from './use-wall.ts'
import { WallEmpty, WallNothingFound } from './wall-empty.tsx'
import { WallGrid } from './wall-grid.tsx'

/** The top of a phone: whose dex this is, what is in it, how sync stands. */
function PhoneHeader() {
  const { displayName } = useWhose()
  const { animals, entries } = useWallModel()
  return (
    <header className="whose">
      <div className="row">
        <Avatar name={displayName ?? ''} />
        <div>
          <h1>{dexTitle(displayName)}</h1>
          <div className="small">
            <DexCounts animals={animals} entries={entries} />
          </div>
        </div>
      </div>
      <SyncLine />
    </header>
  )
}

/** The id of the entry that is open, from the address. */
function useOpenEntry(): string | undefined {
  const match = useMatchRoute()({ to: '/entry/$id' })
  return match ? match.id : undefined
}

const focusPlate = (scroller: HTMLElement | null): void => scroller?.querySelector<HTMLElement>('.plate[tabindex="0"]')?.focus()

/** Escape closes the entry; an arrow key with nothing focused steps onto the wall. */
function useKeys(open: string | undefined, close: () => void, scroller: HTMLElement | null): void {
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.defaultPrevented || isSheetOpen()) return
      if (event.key === 'Escape' && open) {
        close()
        focusPlate(scroller)
      } else if (/^Arrow(Up|Down|Left|Right)$/.test(event.key) && document.activeElement === document.body) {
        event.preventDefault()
        focusPlate(scroller)
      }
    }
    document.addEventListener('keydown', onKeyDown)
    return () => document.removeEventListener('keydown', onKeyDown)
  }, [open, close, scroller])
}

/** Says to screen readers how many plates a search leaves, once typing pauses. */
function useFoundNews(query: string, count: number): void {
  useEffect(() => {
    if (!query.trim()) return
    const timer = setTimeout(() => announce(t('wall.found', { count })), 600)
    return () => clearTimeout(timer)
  }, [query, count])
}

/** Another search or order begins at its top. */
function useTopOnChange(scroller: HTMLElement | null, query: string): void {
  const sort = useSort()
  const before = useRef({ query, sort })
  useLayoutEffect(() => {
    if (before.current.query === query && before.current.sort === sort) return
    before.current = { query, sort }
    scroller?.scrollTo(0, 0)
  }, [scroller, query, sort])
}

function Plates(
  props: Cells & { query: string; open: string | undefined; onOpen: (entry: string) => void; scroller: HTMLElement | null },
) {
  const { cells, total, live, query, open, onOpen, scroller } = props
  const session = useSession()
  const layout = useLayout(scroller)
  const isOpen = useIsOpen(open)
  const account = 'account' in session ? session.account : ''
  if (!layout || !scroller) return null
  if (cells.length > 0) return <WallGrid {...{ cells, total, layout, scroller, isOpen, onOpen }} dex={account} />
  if (query.trim()) return <WallNothingFound query={query.trim()} />
  return live ? <WallEmpty /> : null
}

/** The wall, with what is open beside it (desktop) or over it (phone). */
export function WallScreen() {
  const wide = useWide()
  const { displayName } = useWhose()
  const navigate = useNavigate()
  const open = useOpenEntry()
  // State, not a ref: the plates can be laid out once there is an element to measure, and not before.
  const [scroller, setScroller] = useState<HTMLElement | null>(null)
  const input = useRef<HTMLInputElement>(null)
  const [query, setQuery] = useState('')
  const cells = useCells(useDeferredValue(query))
  useKeepFirstWall(cells, query)
  useFoundNews(query, cells.total)
  useTopOnChange(scroller, query)
  useKeys(open, () => void navigate({ to: '/' }), scroller)
  const empty = useWallModel().entries === 0
  const covered = !wide && open !== undefined
  return (
    <>
      {!open && <Title of={dexTitle(displayName)} />}
      <div className="wall-side" inert={covered}>
        {!wide && <PhoneHeader />}
        {!empty && <Find query={query} onQuery={setQuery} onLeave={() => focusPlate(scroller)} input={input} />}
        <main className="main" id="content" tabIndex={-1} ref={setScroller}>
          {wide && <h1 className="sr">{t('wall.title')}</h1>}
          <Plates
            {...cells}
            query={query}
            open={open}
            scroller={scroller}
            onOpen={(id) => void navigate({ to: '/entry/$id', params: { id } })}
          />
        </main>
      </div>
      <Outlet />
    </>
  )
}
