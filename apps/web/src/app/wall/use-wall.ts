import type { Engine } from '@biologidex/client/face'
import { useCallback, useEffect, useMemo } from 'react'
import { readerLanguage, readerLocales } from '../i18n.tsx'
import { sessions, useDexIfOpen, useOther, useSession, useSyncPart } from '../session.tsx'
import type { Dex } from '../session-store.ts'
import { type Cell, cellsOf, type PlateCell } from './cells.ts'
import { type Counts, countFacets, isEmpty, narrow } from './facets.ts'
import { FactBook, type Facts, type Standing } from './facts.ts'
import { NameRanks, ordered } from './order.ts'
import type { View } from './wall-address.ts'
import { Finder, linesFor, WordBook } from './word-book.ts'

/** When words are read ahead, how many entries' at once, and how long others may work in between (milliseconds). */
const READ_AFTER = 1500
const READ_AT_ONCE = 200
const READ_PAUSE = 30

/** When all words are put into the order of the wall, in milliseconds after it was ordered: they have been read by then. */
const LINES_AFTER = 4000

const book = new FactBook(readerLanguage())

const words = new WordBook()
const finder = new Finder()
const names = new NameRanks(readerLocales())

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

let lastFacts: { readonly dex: Dex; readonly facts: readonly Facts[]; readonly animals: number } | undefined

/** Facts of the dex as it is now: worked out once for all who read it. */
function factsOf(dex: Dex): { readonly facts: readonly Facts[]; readonly animals: number } {
  if (lastFacts?.dex === dex) return lastFacts
  const facts = book.of(dex)
  if (facts === lastFacts?.facts) {
    lastFacts = { ...lastFacts, dex }
    return lastFacts
  }
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
  const first = useOther() ? undefined : sessions.firstWall
  if (dex) return { kind: 'live', animals: factsOf(dex).animals, entries: dex.entries.size }
  return first
    ? { kind: 'stored', animals: first.animals, entries: first.entries }
    : { kind: 'nothing', animals: 0, entries: 0 }
}

/** Names of the dex's outings by id. */
function useOutingName(dex: Dex | undefined): (id: string) => string | undefined {
  const outings = dex?.outings
  return useCallback((id) => outings?.get(id)?.name, [outings])
}

/** What the marks on plates stand for, anew when the engine says so. */
function useStanding(dex: Dex | undefined): Standing | undefined {
  const session = useSession()
  const engine = session.kind === 'open' ? session.engine : undefined
  const needsYou = useSyncPart((status) => status.needsYou)
  const picturesHere = useSyncPart((status) => status.here.pictures > 0) ?? false
  // `needsYou` stands for what the engine has set aside, which has no identity of its own.
  return useMemo(
    () => dex && engine && { needing: needingOf(dex, engine), picturesHere },
    [dex, engine, needsYou, picturesHere],
  )
}

export interface Wall {
  readonly cells: readonly Cell[]
  /** How many there are in all: more than `cells` while the wall is a stored one. */
  readonly total: number
  readonly live: boolean
  /** Entries of the dex, and how many of them are shown. */
  readonly all: number
  readonly found: number
  /** True when nothing is left out. */
  readonly whole: boolean
  /** For each choice: how many entries there are in the dex, and how many it would leave. Worked out when asked for. */
  readonly present: () => Counts
  readonly counts: () => Counts
  readonly outing: (id: string) => string | undefined
  /** What is shown, in its order. */
  readonly fitting: readonly Facts[]
}

const NO_FACTS: readonly Facts[] = []

/** Works a thing out once, when it is first asked for. */
function lazily<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined
  return () => {
    made ??= { value: make() }
    return made.value
  }
}

/**
 * The plates to show in a view for what was typed. Each step keeps its result for as long as what it rests on is the same:
 * a letter typed orders nothing anew. Before the dex is open: the plates stored last time.
 */
export function useWall(view: View, query: string): Wall {
  const dex = useDexIfOpen()
  const other = useOther()
  const standing = useStanding(dex)
  const { picks, sort, reverse } = view
  const facts = dex ? factsOf(dex).facts : NO_FACTS
  const outing = useOutingName(dex)
  const inOrder = useMemo(() => ordered(facts, sort, reverse, names), [facts, sort, reverse])
  const lines = useMemo(() => lazily(() => linesFor(inOrder, words, outing)), [inOrder, outing])
  useEffect(() => {
    const timer = setTimeout(lines, LINES_AFTER)
    return () => clearTimeout(timer)
  }, [lines])
  const said = useMemo(() => finder.find(inOrder, query, lines), [inOrder, query, lines])
  const fitting = useMemo(() => narrow(said, picks), [said, picks])
  const whole = query.trim() === '' && isEmpty(picks)
  const present = useMemo(() => lazily(() => countFacets(facts, {})), [facts])
  const counts = useMemo(() => lazily(() => countFacets(said, picks)), [said, picks])
  const made = useMemo(
    () => standing && cellsOf(fitting, { sort, reverse, standing, gaps: whole }),
    [fitting, sort, reverse, standing, whole],
  )
  const shared = { whole, present, counts, outing, fitting }
  if (made) return { ...shared, cells: made, total: made.length, live: true, all: facts.length, found: fitting.length }
  const first = other ? undefined : sessions.firstWall
  const fits = whole && first?.sort === sort && (first.reverse ?? false) === reverse
  const { cells = [], total = 0, entries = 0 } = fits ? first : {}
  return { ...shared, cells, total, live: false, all: entries, found: entries }
}

/** Reads every entry's words while nobody waits, a few at a time, so that the first letter typed finds as fast as the next. */
export function useWordsAhead(): void {
  const dex = useDexIfOpen()
  useEffect(() => {
    if (!dex) return
    const { facts } = factsOf(dex)
    let next = 0
    let timer = setTimeout(readSome, READ_AFTER)
    function readSome() {
      const end = Math.min(facts.length, next + READ_AT_ONCE)
      for (; next < end; next++) words.read(facts[next] as Facts)
      if (next < facts.length) timer = setTimeout(readSome, READ_PAUSE)
    }
    return () => clearTimeout(timer)
  }, [dex])
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
