import type { Engine } from '@biologidex/client/face'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { type PictureAt, Pictures } from './pictures.ts'

const at = (n: number, sha256?: string): PictureAt => ({
  dex: 'd',
  entry: `e${n}`,
  image: `i${n}`,
  rendition: 'wall',
  ...(sha256 ? { sha256 } : {}),
})

let made: Set<string>
let asked: number
let read: number
const decoded = vi.fn(async () => undefined)
let there: boolean
let synced: number | undefined
const listeners = new Set<() => void>()
const engine = {
  get status() {
    return { lastSuccess: synced }
  },
  onStatus: (listener: () => void) => {
    listeners.add(listener)
    return () => listeners.delete(listener)
  },
  picture: async () => {
    asked += 1
    return there ? new Uint8Array([1]) : undefined
  },
  keptPicture: async ({ entry }: PictureAt) => {
    read += 1
    return entry === 'e0' ? undefined : new Uint8Array([1])
  },
} as unknown as Engine
const nothing = () => undefined

beforeEach(() => {
  made = new Set()
  asked = 0
  read = 0
  decoded.mockClear()
  vi.stubGlobal(
    'Image',
    class {
      readonly decode = decoded
    },
  )
  there = true
  synced = 1
  listeners.clear()
  let next = 0
  vi.spyOn(URL, 'createObjectURL').mockImplementation(() => {
    const url = `blob:${++next}`
    made.add(url)
    return url
  })
  vi.spyOn(URL, 'revokeObjectURL').mockImplementation((url) => void made.delete(url))
})
afterEach(() => {
  vi.restoreAllMocks()
  vi.unstubAllGlobals()
})

describe('addresses of pictures', () => {
  it('are fetched once for all who show them, and told to all', async () => {
    const pictures = new Pictures(engine)
    const [one, two] = [vi.fn(), vi.fn()]
    pictures.use(at(1), one)
    pictures.use(at(1), two)
    await vi.waitFor(() => expect(one).toHaveBeenCalledOnce())
    expect(two).toHaveBeenCalledOnce()
    expect(asked).toBe(1)
    expect(pictures.peek(at(1))).toBe('blob:1')
  })

  it('stay for coming back, without being fetched again', async () => {
    const pictures = new Pictures(engine)
    const release = pictures.use(at(1), nothing)
    await vi.waitFor(() => expect(pictures.peek(at(1))).toBeDefined())
    release()
    expect(pictures.peek(at(1))).toBe('blob:1')
    pictures.use(at(1), nothing)
    expect(asked).toBe(1)
  })

  it('are loaded once when they were begun before somebody uses them, and are let go when nobody does', async () => {
    const pictures = new Pictures(engine)
    pictures.begin(at(1))
    const listener = vi.fn()
    const release = pictures.use(at(1), listener)
    await vi.waitFor(() => expect(listener).toHaveBeenCalledOnce())
    expect(asked).toBe(1)
    release()
    for (let n = 2; n < 400; n++) pictures.begin(at(n))
    await vi.waitFor(() => expect(asked).toBe(399))
    await vi.waitFor(() => expect(made.size).toBe(300))
  })

  it('give memory back when many were looked at, the longest unused first; never one that is shown', async () => {
    const pictures = new Pictures(engine)
    pictures.use(at(0), nothing)
    for (let n = 1; n <= 400; n++) {
      const release = pictures.use(at(n), nothing)
      await vi.waitFor(() => expect(pictures.peek(at(n))).toBeDefined(), { interval: 1 })
      release()
    }
    expect(made.size).toBeLessThanOrEqual(301)
    expect(pictures.peek(at(0))).toBeDefined()
    expect(pictures.peek(at(1))).toBeUndefined()
    expect(pictures.peek(at(400))).toBeDefined()
    pictures.close()
    expect(made.size).toBe(0)
  })

  it('are asked for again after each sync that went through, where they could not be had and somebody shows them', async () => {
    there = false
    const pictures = new Pictures(engine)
    const shown = vi.fn()
    pictures.use(at(1), shown)
    pictures.use(at(2), nothing)()
    await new Promise((resolve) => setTimeout(resolve))
    expect(asked).toBe(2)
    there = true
    const tell = () => {
      for (const listener of listeners) listener()
    }
    tell()
    expect(asked).toBe(2)
    synced = 2
    tell()
    await vi.waitFor(() => expect(shown).toHaveBeenCalledOnce())
    expect(pictures.peek(at(1))).toBeDefined()
    expect(asked).toBe(3)
    pictures.close()
    expect(listeners.size).toBe(0)
  })

  it('are read ahead and decoded where they lie on the device, each once, and not fetched', async () => {
    const pictures = new Pictures(engine)
    pictures.readAhead([at(0), at(1), at(2)])
    await vi.waitFor(() => expect(decoded).toHaveBeenCalledTimes(2))
    pictures.readAhead([at(1), at(2), at(3)])
    await vi.waitFor(() => expect(decoded).toHaveBeenCalledTimes(3))
    expect([read, asked, pictures.peek(at(0))]).toEqual([4, 0, undefined])
    pictures.use(at(1), nothing)
    expect([asked, pictures.peek(at(1))]).toEqual([0, 'blob:1'])
    pictures.forget('d')
    expect(made.size).toBe(1)
  })

  it('are fetched for who comes while they are looked for on the device, where they do not lie', async () => {
    const pictures = new Pictures(engine)
    pictures.readAhead([at(0)])
    const listener = vi.fn()
    pictures.use(at(0), listener)
    expect(asked).toBe(0)
    await vi.waitFor(() => expect(listener).toHaveBeenCalledOnce())
    expect(asked).toBe(1)
  })

  it('are looked for after the first paint where a dex arrives for the first time', async () => {
    synced = undefined
    const frames: (() => void)[] = []
    vi.stubGlobal('requestAnimationFrame', (frame: () => void) => frames.push(frame))
    const pictures = new Pictures(engine)
    pictures.use(at(1), nothing)
    await new Promise((resolve) => setTimeout(resolve))
    expect(asked).toBe(0)
    for (const frame of frames) frame()
    await vi.waitFor(() => expect(pictures.peek(at(1))).toBeDefined())
    expect(asked).toBe(1)
  })

  it('are other ones once the server has made its own rendition', async () => {
    const pictures = new Pictures(engine)
    pictures.use(at(1), nothing)
    pictures.use(at(1, 'abc'), nothing)
    await vi.waitFor(() => expect(pictures.peek(at(1, 'abc'))).toBeDefined())
    expect(asked).toBe(2)
  })
})
