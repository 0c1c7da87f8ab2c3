import type { Engine } from '@biologidex/client/face'
import { useCallback, useMemo, useSyncExternalStore } from 'react'
import { readerLanguage } from '../i18n.tsx'
import { rememberedSort, rememberSort } from '../remembered.ts'
import { sessions, useDexIfOpen, useSession, useSyncStatus } from '../session.tsx'
import type { Dex } from '../session-store.ts'
import { type Cell, cellsOf, type PlateCell, SORTS, type Sort } from './cells.ts'
import { FactBook, type Facts, type Standing } from './facts.ts'
import { findIn } from './search.ts'

const book = new FactBook(readerLanguage())

let sort: Sort = SORTS.find((one) => one === rememberedSort()) ?? 'number'
const listeners = new Set<() => void>()

/** Takes an order for the wall, for this and the next time. */
export function takeSort(wanted: Sort): void {
  sort = wanted
  rememberSort(wanted)
  for (const listener of [...listeners]) listener()
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => {
    listeners.delete(listener)
  }
}

export const useSort = (): Sort => useSyncExternalStore(subscribe, () => sort)

/** The entries that wait for the person: clashes, changes and pictures that were set aside (O4, O6). */
function needingOf(dex: Dex, engine: Engine): ReadonlySet<string> {
  const needing = new Set<string>()
  for (const conflict of dex.conflicts.values()) needing.add(conflict.entry)
  const { mutations, uploads } = engine.setAside()
  for (const upload of uploads) needing.add(upload.entry)
  for (const { type, id, set } of mutations) {
    const entry = set?.entry
    if (type === 'entry') needing.add(id)
    else if (entry && 'to' in entry && typeof entry.to === 'string') needing.add(entry.to)
  }
  return needing
}

let lastFacts: { readonly dex: Dex; readonly facts: Facts[]; readonly animals: number } | undefined

/** Facts of the dex as it is now: worked out once for all who read it. */
function factsOf(dex: Dex): { readonly facts: Facts[]; readonly animals: number } {
  if (lastFacts?.dex === dex) return lastFacts
  const facts = book.of(dex)
  const animals = new Set(facts.map(({ latin }) => latin).filter(Boolean)).size
  lastFacts = { dex, facts, animals }
  return lastFacts
}

export interface WallModel {
  /** `stored`: what was kept from last time, shown until the dex is open. `live`: the dex itself. */
  readonly kind: 'nothing' | 'stored' | 'live'
  readonly animals: number
  readonly entries: number
}

/** What is in the dex, in numbers. */
export function useWallModel(): WallModel {
  const dex = useDexIfOpen()
  const first = sessions.firstWall
  if (dex) return { kind: 'live', animals: factsOf(dex).animals, entries: dex.entries.size }
  return first
    ? { kind: 'stored', animals: first.animals, entries: first.entries }
    : { kind: 'nothing', animals: 0, entries: 0 }
}

export interface Cells {
  readonly cells: readonly Cell[]
  /** How many there are in all: more than `cells` while the wall is a stored one. */
  readonly total: number
  readonly live: boolean
}

const NONE: Cells = { cells: [], total: 0, live: false }

/** The plates to show for what was typed. Before the dex is open, those stored last time. */
export function useCells(query: string): Cells {
  const session = useSession()
  const dex = useDexIfOpen()
  const order = useSort()
  const engine = session.kind === 'open' ? session.engine : undefined
  const status = useSyncStatus()
  const needsYou = status?.needsYou
  const picturesHere = (status?.here.pictures ?? 0) > 0
  // `needsYou` stands for what the engine has set aside, which has no identity of its own.
  const standing = useMemo(
    (): Standing | undefined => dex && engine && { needing: needingOf(dex, engine), picturesHere },
    [dex, engine, needsYou, picturesHere],
  )
  return useMemo(() => {
    if (dex && standing) {
      const found = findIn(factsOf(dex).facts, query, book)
      const cells = cellsOf(found, order, standing, query.trim() === '')
      return { cells, total: cells.length, live: true }
    }
    const first = sessions.firstWall
    return first && first.sort === order ? { cells: first.cells, total: first.total, live: false } : NONE
  }, [dex, standing, query, order])
}

/** How an entry is called, or undefined while the dex is not open or has no such entry. Empty: not named yet. */
export function useEntryName(id: string): string | undefined {
  const dex = useDexIfOpen()
  return dex ? factsOf(dex).facts.find(({ entry }) => entry.id === id)?.name : undefined
}

/** Whether a plate is that of the entry that is open: its own, or that of its animal. */
export function useIsOpen(open: string | undefined): (cell: PlateCell) => boolean {
  const dex = useDexIfOpen()
  const latin = open && dex ? factsOf(dex).facts.find(({ entry }) => entry.id === open)?.latin : undefined
  return useCallback(
    ({ entry, sightings, latin: name }: PlateCell) =>
      open !== undefined && (entry === open || (sightings !== undefined && name !== '' && name === latin)),
    [open, latin],
  )
}
