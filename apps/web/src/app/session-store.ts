import { noteWhose, readWhose, type Whose } from '@biologidex/client/adapters/whose-place'
import type { CatalogueView, DexView, Engine, PeopleView } from '@biologidex/client/face'
import type { SessionView } from '@biologidex/core/accounts/account'
import { changeFirstWall, type FirstWall, firstWallWritten, lockedWall, readFirstWall } from './first-wall.ts'
import { OpenDexes } from './open-dexes.ts'
import { takeRecent } from './recent-dexes.ts'
import {
  forgetAll,
  isLocked,
  leavingPlace,
  lockRemembered,
  rememberedPlace,
  rememberLeaving,
  rememberPlace,
  rememberSessionToEnd,
} from './remembered.ts'

type Shown = 'account' | 'entries' | 'trash' | 'outings' | 'conflicts' | 'profile' | 'complete' | 'animal' | 'changesOf'

/** A dex as the screens read it: a new object after each change, so that it can be compared. */
export interface Dex extends Pick<DexView, Shown> {
  readonly version: number
}

export interface OpenSession {
  readonly kind: 'open'
  readonly account: string
  /** Where its things lie in this browser. */
  readonly place: string
  readonly engine: Engine
  readonly dex: DexView
  readonly catalogue: CatalogueView
  readonly people: PeopleView
  /** Dexes of others that were looked at. */
  readonly others: OpenDexes
}

/**
 * Who is here. `none`: nobody is known, so sign in or up. `opening`: an account is known and its store is being read.
 * `locked`: its session ended by itself, everything is kept, sealed (C1); whose it is may be unknown. `broken`: this browser's storage
 * cannot be used, or, `sealed`, its key does not open what it holds.
 */
export type Session =
  | { readonly kind: 'none' }
  | { readonly kind: 'opening'; readonly account: string; readonly place: string }
  | OpenSession
  | { readonly kind: 'locked'; readonly place: string; readonly account?: string }
  | { readonly kind: 'broken'; readonly account: string; readonly place: string; readonly sealed?: true }

type Opening = Extract<Session, { kind: 'opening' }>

/** What the store needs of the world; a test brings its own. */
export interface SessionWorld {
  /** `seal`: what a sign-in just brought. Rejects with PartitionLocked or SealBroken, as it is with what is kept. */
  readonly openEngine: (account: string, seal?: string) => Promise<Engine>
  /** Where the things of an account lie in this browser. */
  readonly placeOf: (account: string) => Promise<string>
  /** Takes the key of what the account keeps away, and nothing else. */
  readonly closePartition: (account: string) => Promise<void>
  /** Tells the person that the account was deleted. */
  readonly sayDeleted: () => void
  /** Deletes everything of the account. */
  readonly dropPartition: (account: string) => Promise<void>
}

interface EarlyWall {
  readonly place: string
  readonly wall: Promise<FirstWall | undefined>
}

const isCalled = (error: unknown, name: string): boolean => error instanceof Error && error.name === name

/** Remembers who is here for the next start. */
async function remember(place: string, whose: Whose): Promise<void> {
  await noteWhose(place, whose).catch((error: unknown) => console.warn('The next start will ask who is here.', error))
  rememberPlace(place)
}

/** The one session of this page. It changes by these methods only; screens read it through hooks. */
export class SessionStore {
  readonly #world: SessionWorld
  readonly #listeners = new Set<() => void>()
  #session: Session = { kind: 'none' }
  #first: FirstWall | undefined
  #begun = false
  /** Under way while the device is wiped, whoever began it. */
  #wiping: Promise<void> | undefined
  /** What the last sign-in brought. In memory only. */
  #seal: string | undefined
  /** Resolves when it is known who was here, and the stored first wall, if any, has been read: nothing is drawn before. */
  readonly ready: Promise<void>

  /** @param early the stored wall of the place that was remembered last, if it is being read already */
  constructor(world: SessionWorld, early?: EarlyWall) {
    this.#world = world
    const leaving = leavingPlace()
    if (leaving) this.#wiping = this.#finishLeft(leaving)
    const place = leaving ? undefined : rememberedPlace()
    const wall = early?.place === place ? early?.wall : undefined
    this.ready = place ? this.#takeUp(place, wall ?? readFirstWall(place)) : Promise.resolve()
  }

  async #takeUp(place: string, wall: Promise<FirstWall | undefined>): Promise<void> {
    const [whose] = await Promise.all([readWhose(place).catch(() => undefined), this.#takeFirst(place, wall)])
    // A place of which nobody knows whose it is has lost its key as well: it waits for its account to sign in, and says all then.
    const known = whose && { account: whose.account }
    this.#session = known && !isLocked() ? { kind: 'opening', ...known, place } : { kind: 'locked', ...known, place }
  }

  /** Begins to read the remembered account's store; called once, when the page has been painted. */
  begin(): void {
    if (this.#session.kind === 'opening' && !this.#begun) void this.#open(this.#session)
  }

  get session(): Session {
    return this.#session
  }

  /** The wall of the account as it was last stored, before its dex was opened. */
  get firstWall(): FirstWall | undefined {
    return this.#first
  }

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => {
      this.#listeners.delete(listener)
    }
  }

  /** Somebody signed in or up: their dex begins to open. Another account's dex closes; its store stays as it is. */
  async signedIn({ account, seal }: Pick<SessionView, 'account' | 'seal'>): Promise<void> {
    // What still leaves this device must be gone before anything of it is made anew.
    await this.#wiping
    const before = this.#session
    if (before.kind === 'open' && before.account === account.id) return
    if (before.kind === 'open') await closeAll(before)
    this.#seal = seal
    // Whatever session was still to be ended, its cookie has been replaced.
    rememberSessionToEnd(false)
    const place = await this.#world.placeOf(account.id)
    await remember(place, { account: account.id, username: account.username, displayName: account.displayName })
    await this.#takeFirst(place, readFirstWall(place))
    const opening = { kind: 'opening', account: account.id, place } as const
    this.#set(opening)
    void this.#open(opening)
  }

  /** The session ended by itself (401): the dex closes, everything stays on the device, sealed until the next sign-in (C1). */
  async lock(): Promise<void> {
    const before = this.#session
    if (before.kind === 'none' || before.kind === 'locked') return
    lockRemembered()
    this.#seal = undefined
    this.#first = lockedWall(this.#first, before.kind === 'open' ? before.dex.profile : undefined)
    const name = this.#first
    // At once, so that a reload in this moment knows who may sign in again; and once more, for the dex that closes may write its own.
    const noted = name && changeFirstWall(before.place, () => name)
    this.#set({ kind: 'locked', place: before.place, account: before.account })
    if (before.kind === 'open') await closeAll(before)
    await this.#world.closePartition(before.account)
    await noted
    if (name) await changeFirstWall(before.place, () => name)
  }

  /** Leaves the locked account's store where it is and lets somebody else sign in. */
  forgetLocked(): void {
    rememberPlace(undefined)
    this.#first = undefined
    this.#set({ kind: 'none' })
  }

  /** Closes the dex because another tab signed out: the store is gone already, nothing is left to close well. */
  async leave(): Promise<void> {
    const before = this.#session
    this.#first = undefined
    this.#set({ kind: 'none' })
    if (before.kind === 'open') await closeAll(before)
  }

  /** Takes everything of the account off this device (C1). The session on the server is ended by the caller. */
  wipe(): Promise<void> {
    this.#wiping ??= this.#wipe().finally(() => {
      this.#wiping = undefined
    })
    return this.#wiping
  }

  async #wipe(): Promise<void> {
    const before = this.#session
    if (before.kind !== 'open') return
    rememberLeaving(before.place)
    closeViews(before)
    await before.engine.wipe().catch((error: unknown) => {
      console.error('The engine could not wipe its store; its databases are deleted all the same.', error)
      return before.engine.stop()
    })
    await firstWallWritten()
    await this.#finishLeaving(before.account)
    this.#seal = undefined
    this.#first = undefined
    this.#set({ kind: 'none' })
  }

  /** The account is no more (G3): nothing of it stays here, unsent work included, and that is said. */
  async #deleted(): Promise<void> {
    await this.wipe()
    this.#world.sayDeleted()
  }

  /** What an earlier page began; should it fail, the next start tries again. */
  #finishLeft(place: string): Promise<void> {
    return readWhose(place)
      .then((whose) => this.#finishLeaving(whose?.account ?? place))
      .catch((error: unknown) => console.error('A sign-out could not be finished.', error))
      .finally(() => {
        this.#wiping = undefined
      })
  }

  async #finishLeaving(account: string): Promise<void> {
    await this.#world.dropPartition(account)
    forgetAll()
  }

  /** Drops what this browser holds of an account and cannot open, and begins anew with what the server has. */
  async startAnew(): Promise<void> {
    if (this.#session.kind !== 'broken') return
    await this.#world.dropPartition(this.#session.account)
    await this.reopen()
  }

  /** Tries the storage again. */
  async reopen(): Promise<void> {
    if (this.#session.kind !== 'broken') return
    const { account, place } = this.#session
    const opening = { kind: 'opening', account, place } as const
    this.#set(opening)
    await this.#open(opening)
  }

  async #takeFirst(place: string, wall: Promise<FirstWall | undefined>): Promise<void> {
    this.#first = await wall
    takeRecent(place, this.#first?.recent)
  }

  /** Where it lies now: what was kept before there was sealing goes to a hidden place when it is opened. */
  async #settled({ account, place }: Opening): Promise<string> {
    const now = await this.#world.placeOf(account)
    if (now !== place) await remember(now, { account })
    return now
  }

  async #open(opening: Opening): Promise<void> {
    const { account } = opening
    this.#begun = true
    let engine: Engine | undefined
    try {
      engine = await this.#world.openEngine(account, this.#seal)
      const [dex, catalogue, people] = await Promise.all([engine.openDex(account), engine.openCatalogue(), engine.openPeople()])
      const others = new OpenDexes(engine)
      const place = await this.#settled(opening)
      const opened: OpenSession = { kind: 'open', account, place, engine, dex, catalogue, people, others }
      if (this.#session.kind !== 'opening' || this.#session.account !== account) return await closeAll(opened)
      engine.onEvent((event) => {
        if (event.kind === 'signed_out') void this.lock()
        if (event.kind === 'account_deleted') void this.#deleted()
      })
      this.#set(opened)
    } catch (error) {
      await engine?.stop().catch((why: unknown) => console.error('The engine could not be stopped.', why))
      if (this.#session.kind !== 'opening' || this.#session.account !== account) return
      if (isCalled(error, 'PartitionLocked')) return await this.lock()
      console.error('The local store could not be opened.', error)
      // An engine that began was given the key: what it could not read then is not for want of that.
      const sealed = !engine && isCalled(error, 'SealBroken')
      this.#set({ kind: 'broken', account, place: opening.place, ...(sealed ? { sealed } : {}) })
    }
  }

  #set(session: Session): void {
    this.#session = session
    for (const listener of [...this.#listeners]) listener()
  }
}

function closeViews({ dex, catalogue, people, others }: OpenSession): void {
  others.close()
  for (const view of [dex, catalogue, people]) view.close()
}

async function closeAll(session: OpenSession): Promise<void> {
  closeViews(session)
  await session.engine.stop()
}
