import type { CatalogueView, DexView, Engine, SyncStatus } from '@biologidex/client/face'
import type { AnimalItem } from '@biologidex/core/animals/animal'
import { useSyncExternalStore } from 'react'
import { early } from './early.ts'
import { type Dex, type OpenSession, type Session, SessionStore, type SessionWorld } from './session-store.ts'
import { Watched } from './watched.ts'

const world: SessionWorld = {
  openEngine: async (account, seal) => (await import('./open-engine.ts')).openEngine(account, seal),
  closePartition: async (account) => (await import('./open-engine.ts')).closePartition(account),
  dropPartition: async (account) => (await import('./open-engine.ts')).dropPartition(account),
}

/** The page's session. The stored first wall is read at once, the dex itself after the first paint (`begin`). */
export const sessions = new SessionStore(world, early)

/** Who is here, and how far opening has come. */
export const useSession = (): Session => useSyncExternalStore(sessions.subscribe, () => sessions.session)

const IDLE: () => () => void = () => () => undefined

/** Least time between two drawings of a dex, in milliseconds: while it is arriving, the machine is needed for its arrival. */
const ARRIVING = 1000
const SETTLED = 50

const dexes = new WeakMap<DexView, Watched<DexView, Dex>>()
function watchedDex(view: DexView): Watched<DexView, Dex> {
  const known = dexes.get(view)
  if (known) return known
  const take = (source: DexView, version: number): Dex => {
    const { account, entries, trash, outings, conflicts, profile, complete } = source
    const asked = { animal: (id: string) => source.animal(id), changesOf: (id: string) => source.changesOf(id) }
    return { version, account, entries, trash, outings, conflicts, profile, complete, ...asked }
  }
  const pace = (shown: Dex): number => (view.complete || shown.entries.size === 0 ? SETTLED : ARRIVING)
  const made = new Watched(view, { take, pace })
  dexes.set(view, made)
  return made
}

/** The dex on screen, or undefined while it is being opened. A new object after each change. */
export function useDexIfOpen(): Dex | undefined {
  const session = useSession()
  const watched = session.kind === 'open' ? watchedDex(session.dex) : undefined
  return useSyncExternalStore(watched?.subscribe ?? IDLE, () => watched?.get())
}

function useOpen(): OpenSession {
  const session = useSession()
  if (session.kind !== 'open') throw new Error('This screen needs an open dex; it belongs inside <WhenOpen>.')
  return session
}

/** The engine of the open dex. Only for screens inside `WhenOpen`. */
export const useEngine = (): Engine => useOpen().engine

/** The id of the signed-in account. Only inside `WhenOpen`. */
export const useAccount = (): string => useOpen().account

/** The own dex, re-rendered after each change. Only inside `WhenOpen`. */
export function useDex(): Dex {
  const watched = watchedDex(useOpen().dex)
  return useSyncExternalStore(watched.subscribe, watched.get)
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

/** The id of the account whose dex is open or opening. */
export function useAccountIfKnown(): string | undefined {
  const session = useSession()
  return session.kind === 'open' || session.kind === 'opening' ? session.account : undefined
}
