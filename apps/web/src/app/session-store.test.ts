import type { DexView, Engine, EngineEvent } from '@biologidex/client/face'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { rememberAccount, rememberedAccount } from './remembered.ts'
import { type Session, SessionStore } from './session-store.ts'

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
    onEvent: (listener: (event: EngineEvent) => void) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    stop: async () => void deeds.push('stopped'),
    wipe: async () => void deeds.push('wiped'),
  } as unknown as Engine
  return { engine, deeds, tell: (event) => listeners.forEach((listener) => listener(event)) }
}

const until = (store: SessionStore, kind: Session['kind']) =>
  vi.waitFor(() => expect(store.session.kind).toBe(kind), { interval: 1 })

function memoryStorage(): Storage {
  const kept = new Map<string, string>()
  return {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
    removeItem: (key: string) => void kept.delete(key),
  } as unknown as Storage
}

beforeEach(() => void vi.stubGlobal('localStorage', memoryStorage()))

describe('the session of a page', () => {
  it('begins with nobody, and opens for who signs in', async () => {
    const fake = fakeEngine(MARA.id)
    const store = new SessionStore({ openEngine: async () => fake.engine })
    expect(store.session.kind).toBe('none')
    await store.signedIn(MARA)
    expect(store.session.kind).toBe('opening')
    await until(store, 'open')
    expect(rememberedAccount()).toBe(MARA.id)
  })

  it('opens the remembered account without asking anybody', async () => {
    rememberAccount(MARA.id)
    const store = new SessionStore({ openEngine: async (account) => fakeEngine(account).engine })
    expect(store.session).toEqual({ kind: 'opening', account: MARA.id })
    store.begin()
    store.begin()
    await until(store, 'open')
  })

  it('locks when the session ended by itself, keeps everything, and stays locked over a reload (C1)', async () => {
    const fake = fakeEngine(MARA.id)
    const store = new SessionStore({ openEngine: async () => fake.engine })
    await store.signedIn(MARA)
    await until(store, 'open')
    fake.tell({ kind: 'signed_out' })
    await until(store, 'locked')
    await vi.waitFor(() => expect(fake.deeds).toContain('stopped'))
    expect(fake.deeds).not.toContain('wiped')
    expect(store.firstWall).toMatchObject({ username: 'mara', displayName: 'Mara', total: 0, cells: [] })
    const reloaded = new SessionStore({ openEngine: () => Promise.reject(new Error('must not be opened')) })
    expect(reloaded.session).toEqual({ kind: 'locked', account: MARA.id })
  })

  it('opens again for the same account, and closes nothing of another’s', async () => {
    rememberAccount(MARA.id)
    const store = new SessionStore({ openEngine: async (account) => fakeEngine(account).engine })
    store.begin()
    await until(store, 'open')
    await store.lock()
    await store.signedIn(MARA)
    await until(store, 'open')
    expect(store.session).toMatchObject({ account: MARA.id })
    await store.signedIn(JONAS)
    await vi.waitFor(() => expect(store.session).toMatchObject({ kind: 'open', account: JONAS.id }), { interval: 1 })
  })

  it('wipes at sign-out and forgets who it was', async () => {
    const fake = fakeEngine(MARA.id)
    const store = new SessionStore({ openEngine: async () => fake.engine })
    await store.signedIn(MARA)
    await until(store, 'open')
    await store.wipe()
    expect(fake.deeds).toContain('wiped')
    expect(store.session.kind).toBe('none')
    expect(rememberedAccount()).toBeUndefined()
  })

  it('says when the browser keeps nothing, and tries again when told to', async () => {
    const silence = vi.spyOn(console, 'error').mockReturnValue()
    let works = false
    rememberAccount(MARA.id)
    const openEngine = async (account: string) => {
      if (!works) throw new Error('no storage')
      return fakeEngine(account).engine
    }
    const store = new SessionStore({ openEngine })
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
    const store = new SessionStore({ openEngine: () => new Promise((resolve) => (open = resolve)) })
    await store.signedIn(MARA)
    await store.lock()
    open(fake.engine)
    await vi.waitFor(() => expect(fake.deeds).toContain('stopped'))
    expect(store.session.kind).toBe('locked')
  })
})
