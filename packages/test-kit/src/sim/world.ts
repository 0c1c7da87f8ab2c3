import { rm } from 'node:fs/promises'
import { Busy } from './busy.ts'
import { Chance } from './chance.ts'
import { SimDevice } from './device.ts'
import { takeOverGlobals } from './globals.ts'
import { Household } from './household.ts'
import type { Ledger } from './ledger.ts'
import { SimServer } from './sim-server.ts'
import { type DeviceName, START, type Template } from './template.ts'
import { VirtualClock } from './virtual-clock.ts'
import { FAIR, type Weather } from './weather.ts'
import { FeedWitness } from './witness.ts'

/** Virtual time after which something that one waits for is held to hang. */
const LONGEST = 30 * 60_000

/** Everything of one seed: time, chance, the network's weather, a server, devices, and what was done. */
export class World {
  readonly clock = new VirtualClock(START)
  readonly busy = new Busy()
  readonly chance: Chance
  readonly server: SimServer
  readonly template: Template
  /** Whose dex this is about. */
  readonly home: Household
  /** Somebody else with an account, who now and then signs in on the phone. */
  readonly guest: Household
  /** People with dexes and devices of their own, in the seeds that have some. */
  readonly neighbours: Household[] = []
  /** What happened, to be read by people. */
  readonly script: string[] = []
  /** What was seen to be wrong on the way. */
  readonly faults: string[] = []
  weather: Weather = FAIR
  storageMs = 0
  /** How long a server that died is down at most, in milliseconds. */
  downMs = 15_000
  /** Steps done so far. */
  step = 0
  /** The server's data. */
  readonly folder: string
  readonly witness = new FeedWitness()
  /** Who is signed in on the phone. */
  onPhone: 'home' | 'guest' = 'home'
  readonly #missed = new Set<string>()
  readonly #giveBack: readonly (() => void)[]

  private constructor(template: Template, folder: string, seed: string) {
    this.template = template
    this.home = new Household(template.account)
    this.guest = new Household(template.guest.account)
    this.chance = new Chance(seed)
    this.folder = folder
    this.server = new SimServer({ busy: this.busy, folder, onDeath: () => this.#serverDied() })
    this.#giveBack = [
      takeOverGlobals(this.clock, this.chance.fork('server')),
      this.server.power.watch(),
      this.server.steps.watch(),
    ]
  }

  /** A world in which the server runs and nobody has opened anything. `end` must be called. */
  static async begin(template: Template, seed: string): Promise<World> {
    const world = new World(template, await template.copy(), seed)
    await world.server.start()
    return world
  }

  async end(): Promise<void> {
    for (const device of this.households.flatMap(({ devices }) => devices)) device.kill()
    this.server.kill(false)
    await this.busy.calm()
    for (const giveBack of this.#giveBack.toReversed()) giveBack()
    await rm(this.folder, { recursive: true, force: true })
  }

  get households(): readonly Household[] {
    return [this.home, this.guest, ...this.neighbours]
  }

  get devices(): SimDevice[] {
    return this.home.devices
  }

  get ledger(): Ledger {
    return this.home.ledger
  }

  addDevice(name: DeviceName): SimDevice {
    const { tokens } = this.template
    return this.#add(this.home, name, () => (name === 'phone' ? this.#phoneToken() : tokens[name]))
  }

  /** The guest's part of the phone: its disk knows nothing of the other account's. */
  addGuest(): SimDevice {
    return this.#add(this.guest, 'the guest’s phone', () => this.#phoneToken())
  }

  /** The next of the neighbours moves in, with a device. */
  addNeighbour(): Household | undefined {
    const next = this.template.neighbours[this.neighbours.length]
    if (!next) return undefined
    const household = new Household(next.account)
    this.neighbours.push(household)
    this.#add(household, next.name, () => next.token)
    return household
  }

  /** From now on what programs on the phone ask is asked in this one's name. */
  signIn(who: 'home' | 'guest'): void {
    if (who !== this.onPhone) this.note(`${who === 'home' ? 'the owner' : 'the guest'} signs in on the phone`)
    this.onPhone = who
  }

  #phoneToken(): string {
    return this.onPhone === 'home' ? this.template.tokens.phone : this.template.guest.token
  }

  #add({ account, devices }: Household, name: string, token: () => string): SimDevice {
    const { clock, server, storageMs } = this
    const chance = this.chance.fork(name)
    const weather = () => this.weather
    const device = new SimDevice({ name, account, token, clock, server, chance, weather, storageMs })
    devices.push(device)
    return device
  }

  /** Something was wrong on the way, whatever becomes of it. */
  fault(text: string): void {
    this.faults.push(text)
    this.note(text)
  }

  note(text: string): void {
    const seconds = ((this.clock.now() - START) / 1000).toFixed(3).padStart(10)
    this.script.push(`${seconds} s  ${text}`)
  }

  /** Lets time pass. */
  async pass(ms: number): Promise<void> {
    const until = this.clock.now() + ms
    do await this.#calm()
    while (this.clock.step(until))
  }

  /** Lets time pass until something is done. @throws Error when it does not come to an end */
  async finish<T>(what: string, work: Promise<T>): Promise<T> {
    let done = false
    const watched = work.finally(() => {
      done = true
    })
    watched.catch(() => undefined)
    const latest = this.clock.now() + LONGEST
    await this.#calm()
    while (!done) {
      if (!this.clock.step(latest)) throw new Error(`${what} does not come to an end`)
      await this.#calm()
    }
    return watched
  }

  async #calm(): Promise<void> {
    await this.busy.calm()
    const watched = this.households.filter(({ deletion }) => deletion === 'no')
    for (const text of watched.flatMap(({ watch, devices }) => [...watch.look(devices)])) {
      if (this.#missed.has(text)) continue
      this.#missed.add(text)
      this.fault(text)
    }
  }

  /** The server comes back after a while, as a supervisor would see to. */
  #serverDied(): void {
    this.note('the server is dead')
    this.clock.after(this.chance.fork(`restart ${this.clock.now()}`).between(100, this.downMs), () => {
      if (this.server.isUp) return
      this.note('the server starts again')
      void this.server.start()
    })
  }
}
