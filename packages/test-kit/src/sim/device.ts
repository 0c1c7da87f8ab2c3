import { createHash } from 'node:crypto'
import { memoryBlobs, memoryStore } from '@biologidex/client/adapters/memory'
import { Crash, MemoryDisk, type MemoryRecords } from '@biologidex/client/adapters/memory-disk'
import { memoryPictures } from '@biologidex/client/adapters/memory-pictures'
import { memoryChannelHub, memoryLock } from '@biologidex/client/adapters/memory-tabs'
import { moveBlobs, moveStore } from '@biologidex/client/adapters/plain-store'
import { createEngine } from '@biologidex/client/engine'
import type { CatalogueView, DexView, Engine } from '@biologidex/client/face'
import type { Packing } from '@biologidex/client/packing'
import type { DeviceState, Ports, StoredMutation } from '@biologidex/client/ports'
import type { Chance } from './chance.ts'
import { Life } from './life.ts'
import { Line, type Place } from './network.ts'
import type { SimServer } from './sim-server.ts'
import type { VirtualClock } from './virtual-clock.ts'
import type { Weather } from './weather.ts'

export const sha256Of = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')

/** Changes in the outbox of a disk. */
export const outboxOf = ({ outbox }: MemoryRecords): StoredMutation[] =>
  Array.from(outbox.values(), (text) => JSON.parse(text) as StoredMutation)

/** Dexes here have some ten entries: they lie as pages, are covered and packed all the same. */
const PACKING: Packing = { pageFrom: 4, firstPageFrom: 2, pageItems: 3, mostOver: 5, mostPages: 2 }

export interface DeviceParts {
  readonly name: string
  readonly account: string
  /** Who is signed in on it: in a browser that is one for all programs. */
  readonly token: () => string
  readonly clock: VirtualClock
  readonly server: SimServer
  readonly chance: Chance
  readonly weather: () => Weather
  /** How long its storage takes at most, in milliseconds. */
  readonly storageMs: number
}

/** What a device's program has open. */
interface Program {
  readonly life: Life
  readonly engine: Engine
  readonly dex: DexView
  readonly catalogue: CatalogueView
}

/** A device: a disk that lasts, a clock of its own, and the program, which may be closed, killed and opened again. */
export class SimDevice implements Place {
  disk = new MemoryDisk()
  online = true
  /** Its program may have given up for want of room, and wait for its person. */
  wasFull = false
  /** How wrong its clock is, in milliseconds. */
  skew = 0
  readonly onCut = new Set<() => void>()
  readonly onReconnect = new Set<() => void>()
  readonly name: string
  readonly #parts: DeviceParts
  #program: Program | undefined
  #opened = 0
  /** Where the next start moves everything to. */
  #next: MemoryDisk | undefined
  #copy: { readonly records: MemoryRecords; readonly step: number } | undefined

  constructor(parts: DeviceParts) {
    this.name = parts.name
    this.#parts = parts
  }

  /** The program while it runs. */
  get program(): Program | undefined {
    return this.#program?.life.over ? undefined : this.#program
  }

  /** Opens the program on what the disk holds; it may die while it opens. */
  async open(): Promise<void> {
    if (this.program) return
    const life = new Life()
    this.#opened += 1
    const open = async () => {
      await this.#move(life)
      const engine = createEngine(this.#ports(life), this.#parts.account, PACKING)
      await engine.start()
      const dex = await engine.openDex(this.#parts.account)
      const catalogue = await engine.openCatalogue()
      if (!life.over) this.#program = { life, engine, dex, catalogue }
    }
    await Promise.race([open(), life.ended])
  }

  /** Closes the program as one closes an app. */
  async close(): Promise<void> {
    const program = this.program
    this.#program = undefined
    if (program) await Promise.race([program.engine.stop(), program.life.ended])
  }

  /** The program is dropped where it stands. */
  kill(): void {
    this.#program?.life.end()
  }

  goOffline(): void {
    this.online = false
    for (const cut of [...this.onCut]) cut()
  }

  /** @param noticed whether the system tells the program */
  goOnline(noticed: boolean): void {
    this.online = true
    if (noticed) for (const listener of [...this.onReconnect]) listener()
  }

  /**
   * A new version comes, which keeps everything in another form: its first start that comes to an end moves what is there (C2). No
   * program may run.
   */
  upgrade(): void {
    this.#next ??= new MemoryDisk()
  }

  /** The disks of an upgrade that has not come to its end. */
  get moving(): { readonly from: MemoryDisk; readonly to: MemoryDisk } | undefined {
    return this.#next && { from: this.disk, to: this.#next }
  }

  /** As the web's client moves what was kept before there was sealing. */
  async #move(life: Life): Promise<void> {
    const next = this.#next
    if (!next) return
    const [pictures, store] = [this.#mortal(memoryBlobs(next), life), this.#mortal(memoryStore(next), life)]
    await moveBlobs(this.#mortal(memoryBlobs(this.disk), life), pictures)
    await pictures.close()
    await moveStore(this.#mortal(memoryStore(this.disk), life), store)
    await store.close()
    this.disk = next
    this.#next = undefined
  }

  /** Nothing is planned to go wrong with its storage any more. */
  mend(): void {
    for (const disk of [this.disk, this.#next]) {
      disk?.failAt(Number.POSITIVE_INFINITY)
      disk?.refuse(Number.POSITIVE_INFINITY, 0)
      if (disk) disk.full = false
    }
  }

  /** Makes a copy of its disk, as backups do, and phones that go into a drawer. */
  copy(step: number): void {
    this.#copy = { records: this.disk.records, step }
  }

  get hasCopy(): boolean {
    return this.#copy !== undefined
  }

  /** Puts the copy in the place of what the disk holds; answers what it held. No program may run. */
  comeBack(): { readonly before: MemoryRecords; readonly copied: number } {
    const before = this.disk.records
    const copy = this.#copy
    if (!copy) throw new Error(`${this.name} was never copied`)
    this.disk.records = copy.records
    this.#next = undefined
    this.#copy = undefined
    return { before, copied: copy.step }
  }

  /** Another version of the program was here: rows hold what this one does not know (O9). */
  leaveUnknown(): void {
    const { records } = this.disk
    const known = (text: string) => JSON.stringify({ ...(JSON.parse(text) as object), later: { version: 9 } })
    const outbox = new Map(Array.from(records.outbox, ([n, text]) => [n, known(text)] as const))
    const uploads = new Map(Array.from(records.uploads, ([image, text]) => [image, known(text)] as const))
    this.disk.records = { ...records, outbox, uploads }
  }

  /** Changes in the outbox, as they lie on the disk. */
  outbox(): StoredMutation[] {
    return outboxOf(this.disk.records)
  }

  /** The number that the next change gets, as far as the disk knows. */
  next(): number {
    const { device } = this.disk.records
    return device ? (JSON.parse(device) as DeviceState).next : 1
  }

  #ports(life: Life): Ports {
    const { clock, chance, server, weather, token } = this.#parts
    this.onReconnect.clear()
    const draws = chance.fork(`program ${this.#opened}`)
    return {
      store: this.#mortal(memoryStore(this.disk), life),
      blobs: this.#mortal(memoryBlobs(this.disk), life),
      pictures: this.#mortal(memoryPictures(this.disk), life),
      transport: new Line({ clock, server, chance: draws.fork('line'), weather, place: this, life, token }),
      clock: {
        now: () => clock.now() + this.skew,
        after: (ms, callback) => clock.after(ms, () => void (life.over || callback())),
      },
      lock: memoryLock(),
      channel: memoryChannelHub().open(),
      random: { uuid: () => draws.uuid(), fraction: () => draws.fraction() },
      hasher: { sha256: async (bytes) => sha256Of(bytes) },
    }
  }

  /** A store whose program dies with it, which takes its time, and carries out what it is asked in order. */
  #mortal<T extends object>(store: T, life: Life): T {
    const { clock, chance, storageMs } = this.#parts
    const draws = chance.fork(`storage ${this.#opened}`)
    const pause = async () => {
      if (storageMs > 0) await clock.sleep(draws.between(0, storageMs))
    }
    const attempt = async (work: () => Promise<unknown>) => {
      await pause()
      if (life.over) return undefined
      try {
        return await work()
      } catch (error) {
        if (error instanceof Crash) life.end()
        throw error
      }
    }
    let last: Promise<unknown> = Promise.resolve()
    return life.given(store, async (work) => {
      const turn = last.then(() => attempt(work))
      last = turn.catch(() => undefined)
      const result = await turn
      await pause()
      return result
    })
  }
}
