import type { CatalogueView, DexSummary, Engine, PeopleView, SyncStatus } from '@biologidex/client/face'
import type { AnimalItem } from '@biologidex/core/animals/animal'
import { useContext, useSyncExternalStore } from 'react'
import { say } from '../ui/toast.ts'
import { early } from './early.ts'
import { t } from './i18n.tsx'
import { untilFetched } from './not-fetched.ts'
import { type Dex, type OpenSession, type Session, SessionStore, type SessionWorld } from './session-store.ts'
import { type OtherDex, OtherDexContext } from './shown-context.ts'
import { Watched } from './watched.ts'
import { watchedDex } from './watched-dex.ts'

const loadEngine = () => import('./open-engine.ts')

const world: SessionWorld = {
  openEngine: async (account, seal) => (await untilFetched(loadEngine)).openEngine(account, seal),
  placeOf: async (account) => (await untilFetched(loadEngine)).placeOf(account),
  closePartition: async (account) => (await loadEngine()).closePartition(account),
  dropPartition: async (account) => (await loadEngine()).dropPartition(account),
  sayDeleted: () => say({ id: 'deleted', text: t('delete.done'), stays: true }),
}

/** The page's session. The stored first wall is read at once, the dex itself after the first paint (`begin`). */
export const sessions = new SessionStore(world, early)

/** Who is here, and how far opening has come. */
export const useSession = (): Session => useSyncExternalStore(sessions.subscribe, () => sessions.session)

const IDLE: () => () => void = () => () => undefined

/** Whose dex is on screen; undefined: one's own. */
export const useOther = (): OtherDex | undefined => useContext(OtherDexContext)

/** The dex on screen, or undefined while it is being opened. A new object after each change. */
export function useDexIfOpen(): Dex | undefined {
  const session = useSession()
  const other = useOther()
  const own = session.kind === 'open' ? watchedDex(session.dex) : undefined
  const watched = other ? other.watched : own
  return useSyncExternalStore(watched?.subscribe ?? IDLE, () => watched?.get())
}

function useOpen(): OpenSession {
  const session = useSession()
  if (session.kind !== 'open') throw new Error('This screen needs an open dex; it belongs inside <WhenOpen>.')
  return session
}

/** The engine of the open dex. Only for screens inside `WhenOpen`. */
export const useEngine = (): Engine => useOpen().engine

/** The id of the account whose dex is on screen. Only inside `WhenOpen`. */
export function useAccount(): string {
  const { account } = useOpen()
  return useOther()?.person?.id ?? account
}

/** The dex on screen, re-rendered after each change. Only inside `WhenOpen`. */
export function useDex(): Dex {
  const own = useOpen().dex
  const other = useOther()
  const watched = other ? other.watched : watchedDex(own)
  if (!watched) throw new Error('The dex on screen is not open yet; this belongs where it is.')
  return useSyncExternalStore(watched.subscribe, watched.get)
}

/** The own dex, whatever is on screen, or undefined while it is being opened. */
export function useOwnDexIfOpen(): Dex | undefined {
  const session = useSession()
  const watched = session.kind === 'open' ? watchedDex(session.dex) : undefined
  return useSyncExternalStore(watched?.subscribe ?? IDLE, () => watched?.get())
}

/** Friends, requests and blocks, as they stand now: a new object after each change. */
export interface People {
  readonly friends: PeopleView['friends']
  readonly blocks: PeopleView['blocks']
  readonly complete: boolean
}

const people = new WeakMap<PeopleView, Watched<PeopleView, People>>()

function watchedPeople(view: PeopleView): Watched<PeopleView, People> {
  const take = ({ friends, blocks, complete }: PeopleView): People => ({ friends, blocks, complete })
  const made = people.get(view) ?? new Watched(view, { take })
  people.set(view, made)
  return made
}

/** Friends, requests and blocks, or undefined while they are being read. */
export function usePeople(): People | undefined {
  const session = useSession()
  const watched = session.kind === 'open' ? watchedPeople(session.people) : undefined
  return useSyncExternalStore(watched?.subscribe ?? IDLE, () => watched?.get())
}

const NO_DEXES: readonly DexSummary[] = []

/** What is on this device of each dex, the own one first. */
export function useDexes(): readonly DexSummary[] {
  const session = useSession()
  const engine = session.kind === 'open' ? session.engine : undefined
  return useSyncExternalStore(engine ? (listener) => engine.onDexes(listener) : IDLE, () => engine?.dexes() ?? NO_DEXES)
}

const catalogues = new WeakMap<CatalogueView, Watched<CatalogueView, ReadonlyMap<string, AnimalItem>>>()

/** Every animal of the shared catalogue by id; a new Map after each change. Only inside `WhenOpen`. */
export function useCatalogue(): ReadonlyMap<string, AnimalItem> {
  const { catalogue } = useOpen()
  const watched = catalogues.get(catalogue) ?? new Watched(catalogue, { take: (source) => source.animals })
  catalogues.set(catalogue, watched)
  return useSyncExternalStore(watched.subscribe, watched.get)
}

/** How sync stands, or undefined while the dex is being opened. */
export function useSyncStatus(): SyncStatus | undefined {
  const session = useSession()
  const engine = session.kind === 'open' ? session.engine : undefined
  return useSyncExternalStore(engine ? (listener) => engine.onStatus(listener) : IDLE, () => engine?.status)
}

/** One plain value of how sync stands: a screen that reads only this is not drawn anew at every step of one. */
export function useSyncPart<T extends string | number | boolean>(part: (status: SyncStatus) => T | undefined): T | undefined {
  const session = useSession()
  const engine = session.kind === 'open' ? session.engine : undefined
  return useSyncExternalStore(engine ? (listener) => engine.onStatus(listener) : IDLE, () => engine && part(engine.status))
}

/** When the last sync went through. */
export const useLastSuccess = (): number | undefined => useSyncPart(({ lastSuccess }) => lastSuccess)

/** The place of the account whose dex is open or opening. */
export function usePlaceIfKnown(): string | undefined {
  const session = useSession()
  return session.kind === 'open' || session.kind === 'opening' ? session.place : undefined
}
