import { hiddenPlace } from '@biologidex/client/adapters/hidden-names'
import { noteWhose, readWhose } from '@biologidex/client/adapters/whose-place'
import type { DexView, Engine, EngineEvent } from '@biologidex/client/face'
import { fakeCaches } from '@biologidex/test-kit/fake-caches'
import { memoryStorage } from '@biologidex/test-kit/memory-storage'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { leavingPlace, rememberedPlace, rememberLeaving, rememberPlace } from './remembered.ts'
import { type Session, SessionStore, type SessionWorld } from './session-store.ts'

const SEAL = 'ab'.repeat(32)
const MARA = { id: '11111111-1111-4111-8111-111111111111', username: 'mara', displayName: 'Mara', role: 'admin' } as const
const JONAS = { ...MARA, id: '22222222-2222-4222-8222-222222222222', username: 'jonas' } as const

interface Fake {
  readonly engine: Engine
  readonly deeds: string[]
  readonly tell: (event: EngineEvent) => void
}

function fakeEngine(account: string): Fake {
  const deeds: string[] = []
  const listeners = new Set<(event: EngineEvent) => void>()
  const profile = { type: 'profile', id: account, username: MARA.username, displayName: MARA.displayName }
  const view = { profile, close: () => deeds.push('view closed') } as unknown as DexView
  const engine = {
    account,
    openDex: async () => view,
    openCatalogue: async () => view,
    openPeople: async () => view,
    onEvent: (listener: (event: EngineEvent) => void) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    stop: async () => void deeds.push('stopped'),
    wipe: async () => void deeds.push('wiped'),
  } as unknown as Engine
  return { engine, deeds, tell: (event) => listeners.forEach((listener) => listener(event)) }
}

/** A world whose partitions are noted as they are closed and dropped. */
const worldOf = (openEngine: SessionWorld['openEngine'], deeds: string[] = []): SessionWorld => ({
  openEngine,
  placeOf: async (account) => hiddenPlace(account),
  closePartition: async (account) => void deeds.push(`closed ${account}`),
  dropPartition: async (account) => void deeds.push(`dropped ${account}`),
  sayDeleted: () => void deeds.push('said'),
})
const called = (name: string): Error => Object.assign(new Error(name), { name })

const PLACE = hiddenPlace(MARA.id)

/** Mara was here last, as far as this browser knows. */
async function remembers(): Promise<void> {
  await noteWhose(PLACE, { account: MARA.id, username: MARA.username, displayName: MARA.displayName })
  rememberPlace(PLACE)
}

const until = (store: SessionStore, kind: Session['kind']) =>
  vi.waitFor(() => expect(store.session.kind).toBe(kind), { interval: 1 })

beforeEach(() => {
  vi.stubGlobal('localStorage', memoryStorage())
  vi.stubGlobal('sessionStorage', memoryStorage())
  vi.stubGlobal('caches', fakeCaches())
})
afterEach(() => {
  vi.unstubAllGlobals()
})

describe('the session of a page', () => {
  it('begins with nobody, and opens for who signs in', async () => {
    const fake = fakeEngine(MARA.id)
    const store = new SessionStore(worldOf(async () => fake.engine, fake.deeds))
    expect(store.session.kind).toBe('none')
    await store.signedIn({ account: MARA, seal: SEAL })
    expect(store.session.kind).toBe('opening')
    await until(store, 'open')
    expect(rememberedPlace()).toBe(PLACE)
    expect(JSON.stringify({ ...localStorage })).not.toContain(MARA.id)
    expect(await readWhose(PLACE)).toEqual({ account: MARA.id, username: 'mara', displayName: 'Mara' })
  })

  it('opens the remembered account without asking anybody', async () => {
    await remembers()
    const store = new SessionStore(worldOf(async (account) => fakeEngine(account).engine))
    await store.ready
    expect(store.session).toEqual({ kind: 'opening', account: MARA.id, place: PLACE })
    store.begin()
    store.begin()
    await until(store, 'open')
  })

  it('opens what an earlier version remembered by its id, and remembers it by the place where it lies now (C1, O9)', async () => {
    rememberPlace(MARA.id)
    const store = new SessionStore(worldOf(async (account) => fakeEngine(account).engine))
    await store.ready
    expect(store.session).toEqual({ kind: 'opening', account: MARA.id, place: MARA.id })
    store.begin()
    await until(store, 'open')
    expect(store.session).toMatchObject({ account: MARA.id, place: PLACE })
    expect(rememberedPlace()).toBe(PLACE)
  })

  it('waits for its account where nobody knows any more whose the place is', async () => {
    rememberPlace(PLACE)
    const store = new SessionStore(worldOf(async (account) => fakeEngine(account).engine))
    await store.ready
    expect(store.session).toEqual({ kind: 'locked', place: PLACE })
    await store.signedIn({ account: MARA, seal: SEAL })
    await until(store, 'open')
  })

  it('takes the stored wall that is being read already, if it is the place’s', async () => {
    const wall = { ...MARA, sort: 'number', total: 0, animals: 0, entries: 0, cells: [] } as const
    const shown = async (remembered: string) => {
      rememberPlace(remembered)
      const early = { place: PLACE, wall: Promise.resolve(wall) }
      const store = new SessionStore(
        worldOf(async (account) => fakeEngine(account).engine),
        early,
      )
      await store.ready
      return store.firstWall
    }
    expect(await shown(PLACE)).toBe(wall)
    expect(await shown(hiddenPlace(JONAS.id))).toBeUndefined()
  })

  it('locks when the session ended by itself, keeps everything, and stays locked over a reload (C1)', async () => {
    const fake = fakeEngine(MARA.id)
    const store = new SessionStore(worldOf(async () => fake.engine, fake.deeds))
    await store.signedIn({ account: MARA, seal: SEAL })
    await until(store, 'open')
    fake.tell({ kind: 'signed_out' })
    await until(store, 'locked')
    await vi.waitFor(() => expect(fake.deeds).toContain('stopped'))
    await vi.waitFor(() => expect(fake.deeds).toContain(`closed ${MARA.id}`))
    expect(fake.deeds.indexOf('stopped')).toBeLessThan(fake.deeds.indexOf(`closed ${MARA.id}`))
    expect(fake.deeds).not.toContain('wiped')
    expect(store.firstWall).toMatchObject({ username: 'mara', displayName: 'Mara', total: 0, cells: [] })
    const reloaded = new SessionStore(worldOf(() => Promise.reject(new Error('must not be opened'))))
    await reloaded.ready
    expect(reloaded.session).toEqual({ kind: 'locked', place: PLACE, account: MARA.id })
  })

  it('opens again for the same account, and closes nothing of another’s', async () => {
    await remembers()
    const store = new SessionStore(worldOf(async (account) => fakeEngine(account).engine))
    await store.ready
    store.begin()
    await until(store, 'open')
    await store.lock()
    await store.signedIn({ account: MARA, seal: SEAL })
    await until(store, 'open')
    expect(store.session).toMatchObject({ account: MARA.id })
    await store.signedIn({ account: JONAS, seal: SEAL })
    await vi.waitFor(() => expect(store.session).toMatchObject({ kind: 'open', account: JONAS.id }), { interval: 1 })
  })

  it('wipes at sign-out and forgets who it was', async () => {
    const fake = fakeEngine(MARA.id)
    const store = new SessionStore(worldOf(async () => fake.engine, fake.deeds))
    await store.signedIn({ account: MARA, seal: SEAL })
    await until(store, 'open')
    await store.wipe()
    expect(fake.deeds.slice(-2)).toEqual(['wiped', `dropped ${MARA.id}`])
    expect(store.session.kind).toBe('none')
    expect(rememberedPlace()).toBeUndefined()
  })

  it('takes everything off the device when the account was deleted elsewhere, once, and says so', async () => {
    await remembers()
    const fake = fakeEngine(MARA.id)
    const store = new SessionStore(worldOf(async () => fake.engine, fake.deeds))
    await store.ready
    store.begin()
    await until(store, 'open')
    fake.tell({ kind: 'account_deleted' })
    await store.wipe()
    await vi.waitFor(() => expect(fake.deeds.at(-1)).toBe('said'), { interval: 1 })
    expect(fake.deeds.filter((deed) => deed === 'wiped' || deed.startsWith('dropped'))).toEqual(['wiped', `dropped ${MARA.id}`])
    expect(store.session.kind).toBe('none')
    expect(rememberedPlace()).toBeUndefined()
  })

  it('deletes everything although the engine could not, and remembers nothing but how the app looks', async () => {
    const silence = vi.spyOn(console, 'error').mockReturnValue()
    const fake = fakeEngine(MARA.id)
    const engine = { ...fake.engine, wipe: () => Promise.reject(new Error('gone')) }
    const store = new SessionStore(worldOf(async () => engine, fake.deeds))
    await store.signedIn({ account: MARA, seal: SEAL })
    await until(store, 'open')
    localStorage.setItem('biologidex.theme', 'dark')
    localStorage.setItem('anything', MARA.id)
    await store.wipe()
    expect(fake.deeds.slice(-2)).toEqual(['stopped', `dropped ${MARA.id}`])
    expect(Object.keys(localStorage)).toEqual(['biologidex.theme'])
    silence.mockRestore()
  })

  it('finishes a sign-out that was cut off, before anything else (C1)', async () => {
    await remembers()
    rememberLeaving(PLACE)
    const deeds: string[] = []
    const store = new SessionStore(worldOf(() => Promise.reject(new Error('must not be opened')), deeds))
    expect(store.session.kind).toBe('none')
    await vi.waitFor(() => expect(deeds).toEqual([`dropped ${MARA.id}`]))
    await vi.waitFor(() => expect(rememberedPlace()).toBeUndefined())
    expect(leavingPlace()).toBeUndefined()
  })

  it('remembers that somebody leaves before it waits for anything, so that a page that is closed meanwhile has decided it (C1)', async () => {
    const fake = fakeEngine(MARA.id)
    const store = new SessionStore(worldOf(async () => ({ ...fake.engine, wipe: () => new Promise<void>(() => undefined) })))
    await store.signedIn({ account: MARA, seal: SEAL })
    await until(store, 'open')
    void store.wipe()
    expect(leavingPlace()).toBe(PLACE)
  })

  it('lets nobody in before what leaves is gone, and goes on although it could not be', async () => {
    const silence = vi.spyOn(console, 'error').mockReturnValue()
    rememberLeaving(PLACE)
    const fake = fakeEngine(MARA.id)
    let fail: () => void = () => undefined
    const dropPartition = () => new Promise<void>((_, reject) => (fail = () => reject(new Error('in use'))))
    const store = new SessionStore({ ...worldOf(async () => fake.engine), dropPartition })
    const entering = store.signedIn({ account: MARA, seal: SEAL })
    await new Promise((resolve) => setTimeout(resolve))
    expect(store.session.kind).toBe('none')
    fail()
    await entering
    await until(store, 'open')
    silence.mockRestore()
  })

  it('asks to sign in where the partition is locked, and opens it with what that brings', async () => {
    await remembers()
    const seals: unknown[] = []
    const openEngine = async (account: string, seal?: string) => {
      seals.push(seal)
      if (!seal) throw called('PartitionLocked')
      return fakeEngine(account).engine
    }
    const store = new SessionStore(worldOf(openEngine))
    await store.ready
    store.begin()
    await until(store, 'locked')
    await store.signedIn({ account: MARA, seal: SEAL })
    await until(store, 'open')
    expect(seals).toEqual([undefined, SEAL])
  })

  it('says when what is here does not open, and starts anew only when told to', async () => {
    const silence = vi.spyOn(console, 'error').mockReturnValue()
    const deeds: string[] = []
    const openEngine = async (account: string) => {
      if (deeds.length === 0) throw called('SealBroken')
      return fakeEngine(account).engine
    }
    const store = new SessionStore(worldOf(openEngine, deeds))
    await store.signedIn({ account: MARA, seal: SEAL })
    await until(store, 'broken')
    expect(store.session).toMatchObject({ sealed: true })
    await store.reopen()
    expect(store.session.kind).toBe('broken')
    expect(deeds).toEqual([])
    await store.startAnew()
    await until(store, 'open')
    silence.mockRestore()
  })

  it('offers to start anew for no part that cannot be read, and stops an engine of which not all opens', async () => {
    const silence = vi.spyOn(console, 'error').mockReturnValue()
    const fake = fakeEngine(MARA.id)
    const engine = { ...fake.engine, openDex: () => Promise.reject(called('SealBroken')) }
    const store = new SessionStore(worldOf(async () => engine))
    await store.signedIn({ account: MARA, seal: SEAL })
    await until(store, 'broken')
    expect(store.session).toEqual({ kind: 'broken', account: MARA.id, place: PLACE })
    expect(fake.deeds).toContain('stopped')
    silence.mockRestore()
  })

  it('says when the browser keeps nothing, and tries again when told to', async () => {
    const silence = vi.spyOn(console, 'error').mockReturnValue()
    let works = false
    await remembers()
    const openEngine = async (account: string) => {
      if (!works) throw new Error('no storage')
      return fakeEngine(account).engine
    }
    const store = new SessionStore(worldOf(openEngine))
    await store.ready
    store.begin()
    await until(store, 'broken')
    works = true
    await store.reopen()
    await until(store, 'open')
    silence.mockRestore()
  })

  it('closes what was opened too late: signed out or changed while the store was being read', async () => {
    const fake = fakeEngine(MARA.id)
    let open: (engine: Engine) => void = () => undefined
    const store = new SessionStore(worldOf(() => new Promise((resolve) => (open = resolve))))
    await store.signedIn({ account: MARA, seal: SEAL })
    await store.lock()
    open(fake.engine)
    await vi.waitFor(() => expect(fake.deeds).toContain('stopped'))
    expect(store.session.kind).toBe('locked')
  })
})
