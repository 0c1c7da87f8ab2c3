import { memoryBlobs, memoryStore } from '@biologidex/client/adapters/memory'
import { MemoryDisk } from '@biologidex/client/adapters/memory-disk'
import { memoryPictures } from '@biologidex/client/adapters/memory-pictures'
import { memoryChannelHub, memoryLock } from '@biologidex/client/adapters/memory-tabs'
import { webHasher } from '@biologidex/client/adapters/system'
import { createEngine } from '@biologidex/client/engine'
import type { Draft, Engine, EngineEvent, Photo } from '@biologidex/client/face'
import type { Ports } from '@biologidex/client/ports'
import { id } from './contracts/samples.ts'
import { FakeClock, settle } from './fake-clock.ts'
import { FakeServer } from './fake-server.ts'
import { FakeTransport, sha256 } from './fake-transport.ts'

export const ACCOUNT = id(0xacc)

/** One device: a disk, and the tabs on it, each with a way of its own to the server. */
export class Device {
  readonly server: FakeServer
  readonly disk = new MemoryDisk()
  readonly clock = new FakeClock()
  readonly #lock = memoryLock()
  readonly #hub = memoryChannelHub()
  #uuids: number

  constructor(server: FakeServer, seed = 1) {
    this.server = server
    this.#uuids = seed * 0x1000000
  }

  ports(transport: FakeTransport): Ports {
    return {
      store: memoryStore(this.disk),
      blobs: memoryBlobs(this.disk),
      pictures: memoryPictures(this.disk),
      transport,
      clock: this.clock,
      lock: this.#lock,
      channel: this.#hub.open(),
      random: { uuid: () => id(this.#uuids++), fraction: () => 0.5 },
      hasher: webHasher(),
    }
  }

  /** A tab that has not started. `ports` may be changed on the way. */
  open(change: (ports: Ports) => Ports = (ports) => ports): Tab {
    const transport = new FakeTransport(this.server.handle)
    const ports = change(this.ports(transport))
    return new Tab(createEngine(ports, ACCOUNT), transport, ports, this.clock)
  }

  /** A tab that has started and come to rest. */
  async tab(change?: (ports: Ports) => Ports): Promise<Tab> {
    const tab = this.open(change)
    await tab.engine.start()
    await settle()
    return tab
  }
}

export class Tab {
  readonly engine: Engine
  readonly transport: FakeTransport
  readonly ports: Ports
  readonly events: EngineEvent[] = []
  readonly #clock: FakeClock

  constructor(engine: Engine, transport: FakeTransport, ports: Ports, clock: FakeClock) {
    this.engine = engine
    this.transport = transport
    this.ports = ports
    this.#clock = clock
    engine.onEvent((event) => this.events.push(event))
  }

  /** Lets enough time pass for what was changed to go up. */
  async rest(ms = 60): Promise<void> {
    await settle()
    await this.#clock.advance(ms)
    await settle()
  }

  /** Bodies of the requests to a path, parsed. */
  sent(path: string): Record<string, unknown>[] {
    const bodies = this.transport.requests.filter((request) => request.path.startsWith(path)).map(({ body }) => String(body))
    return bodies.map((body) => JSON.parse(body) as Record<string, unknown>)
  }
}

export const created = (n: number, note = `note ${n}`): Draft => ({
  type: 'entry',
  id: id(n),
  op: 'create',
  set: { note: { to: note }, visibility: { to: 'friends' } },
})

export const noted = (n: number, note: string, was?: string): Draft => ({
  type: 'entry',
  id: id(n),
  op: 'update',
  set: { note: { was: was ?? null, to: note } },
})

/** An entry as the server publishes it. */
export const entry = (n: number, note = `note ${n}`) => ({
  type: 'entry' as const,
  id: id(n),
  publicId: id(n),
  visibility: 'friends' as const,
  note,
  created: 1,
  updated: 1,
})

/** A server that has `count` entries, numbered from `first` on. */
export function filled(count = 0, first = 0): FakeServer {
  const server = new FakeServer(ACCOUNT)
  for (let n = 0; n < count; n += 1) server.own.put(entry(first + n))
  return server
}

/** A photo of entry `n` with what announces it. */
export function photo(n: number, bytes: Uint8Array): { readonly drafts: Draft[]; readonly photo: Photo } {
  const image = id(0x10000 + n)
  const fields = { entry: id(n), sha256: sha256(bytes), size: bytes.length, mediaType: 'image/jpeg', position: 0 }
  const set = Object.fromEntries(Object.entries(fields).map(([field, to]) => [field, { to }]))
  const previews = { wall: new Uint8Array([1, n]), screen: new Uint8Array([2, n]) }
  return {
    drafts: [created(n), { type: 'image', id: image, op: 'create', set }],
    photo: { image, entry: id(n), original: bytes, mediaType: 'image/jpeg', sha256: sha256(bytes), previews },
  }
}

export { FakeServer, id, settle }
