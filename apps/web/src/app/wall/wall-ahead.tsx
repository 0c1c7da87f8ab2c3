import { onScreen } from '@biologidex/client/adapters/painted'
import type { AnimalItem } from '@biologidex/core/animals/animal'
import type { EntryOnScreen } from '@biologidex/core/sync/overlay'
import { startTransition, useEffect, useRef, useState } from 'react'
import { whenIdle } from '../../ui/when-idle.ts'
import { DexCounts } from '../whose.tsx'
import { cellsOf } from './cells.ts'
import { countFacets } from './facets.ts'
import { FactBook } from './facts.ts'
import { Find } from './find.tsx'
import { NameRanks, ordered } from './order.ts'
import { useLayout } from './use-layout.ts'
import type { Wall } from './use-wall.ts'
import { PLAIN } from './wall-address.ts'
import { WallGrid } from './wall-grid.tsx'

/** What is drawn ahead: animals with one number between theirs, so that a gap is drawn too. */
const MADE = [
  { number: 1, scientificName: 'Alces alces', names: { en: ['Moose'] } },
  { number: 3, scientificName: 'Vulpes vulpes', names: { en: ['Red fox'] } },
]
const THUMBHASH = '1QcSHQRnh493V4dIh4eXh1h4kJUI'
const idOf = (number: number): string => `ahead-${number}`

function madeEntry({ number }: (typeof MADE)[number]): EntryOnScreen {
  const id = idOf(number)
  const images = [{ id, state: 'ready' as const, thumbhash: THUMBHASH }]
  return { type: 'entry', id, publicId: id, animal: id, visibility: 'private', images, created: 0, updated: 0, pending: false }
}

/** A wall made as the real one is, of entries that are nobody's. */
function madeWall(): Wall {
  const entries = new Map(MADE.map((one) => [idOf(one.number), madeEntry(one)]))
  const animals = MADE.map((one): AnimalItem => ({ type: 'animal', id: idOf(one.number), rev: 1, ...one }))
  const facts = new FactBook('en').of({ entries, animal: (id) => animals.find((one) => one.id === id) })
  const fitting = ordered(facts, 'number', false, new NameRanks(['en']))
  const cells = cellsOf(fitting, { sort: 'number', standing: { needing: new Set(), picturesHere: false } })
  const counts = () => countFacets(fitting, {})
  const numbers = { total: cells.length, all: MADE.length, found: MADE.length }
  return { cells, ...numbers, live: true, whole: true, present: counts, counts, outing: () => undefined, fitting }
}

const nothing = (): void => undefined
const TAKE = { take: nothing, toggle: nothing, clear: nothing }
const FIND = { view: PLAIN, take: TAKE, query: '', onQuery: nothing, onClear: nothing, onLeave: nothing, onSelect: nothing }
const PLACE = { wall: 'ahead', kept: false, live: true, begin: undefined, follow: undefined }
const GRID = { dex: '', place: PLACE, isOpen: () => false, onOpen: nothing }

function Ahead() {
  const [wall] = useState(madeWall)
  const [scroller, setScroller] = useState<HTMLElement | null>(null)
  const layout = useLayout(scroller)
  const input = useRef<HTMLInputElement>(null)
  return (
    <div className="wall-ahead" inert aria-hidden="true">
      <DexCounts animals={MADE.length} entries={MADE.length} />
      <Find wall={wall} input={input} {...FIND} />
      <div className="main" ref={setScroller}>
        {layout && scroller && <WallGrid cells={wall.cells} total={wall.total} layout={layout} scroller={scroller} {...GRID} />}
      </div>
    </div>
  )
}

let isDrawn = false

/**
 * Draws a small wall once where nobody sees it, while somebody types who they are: what runs for the first time takes twice as long, and
 * the first plates of their dex would wait for that. When nothing else is to be done, and in steps that let each letter through.
 */
export function WallAhead() {
  const [on, setOn] = useState(false)
  useEffect(() => {
    if (isDrawn) return undefined
    return whenIdle(() => {
      isDrawn = true
      startTransition(() => setOn(true))
    })
  }, [])
  useEffect(() => {
    if (on) void onScreen().then(() => setOn(false))
  }, [on])
  return on && <Ahead />
}
