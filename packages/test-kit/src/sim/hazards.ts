import type { Chance } from './chance.ts'
import type { CrashPoint } from './crash-points.ts'
import { outboxOf, type SimDevice } from './device.ts'
import { drawWeather, FAIR } from './weather.ts'
import type { World } from './world.ts'

const KINDS = ['write', 'blob', 'file', 'statement'] as const
const ALL = ['before', 'midway', 'after'] as const
const MOMENTS = { write: ['before', 'after'], blob: ALL, file: ALL, statement: ['before', 'after'] } as const
/** How far ahead a death lies at most: about a request's length. */
const AHEAD = { write: 10, blob: 4, file: 20, statement: 80 } as const

/** What befalls devices, server and network. */
export class Hazards {
  readonly #world: World
  readonly #chance: Chance

  constructor(world: World) {
    this.#world = world
    this.#chance = world.chance.fork('hazards')
  }

  /** The device's program will die at one of its next writes. */
  crashAhead(device: SimDevice): void {
    const [nth, when] = [this.#chance.between(1, 12), this.#chance.pick(['before', 'after'] as const)]
    this.#world.note(`${device.name} will crash ${when} its write ${nth} from now`)
    device.disk.failAt(nth, when)
  }

  crash(device: SimDevice): void {
    this.#world.note(`${device.name} crashes`)
    device.kill()
  }

  /** Comes and goes: the network of a device. */
  switchNetwork(device: SimDevice): void {
    this.#world.note(`${device.name} goes ${device.online ? 'offline' : 'online'}`)
    if (device.online) device.goOffline()
    else device.goOnline(this.#chance.happens(0.7))
  }

  switchFull(device: SimDevice): void {
    device.disk.full = !device.disk.full
    device.wasFull = true
    this.#world.note(`${device.name} is ${device.disk.full ? 'full' : 'not full any more'}`)
  }

  /** One of its next writes finds no room, and perhaps the one that tries again. */
  fullAhead(device: SimDevice): void {
    const [nth, times] = [this.#chance.between(1, 10), this.#chance.between(1, 4)]
    device.disk.refuse(nth, times)
    device.wasFull = true
    this.#world.note(`${device.name} will be full at its write ${nth} from now, ${times} times`)
  }

  /** A copy is made of what a device's disk holds, as backups do, and phones that go into a drawer; or the one that was made comes back. */
  async drawer(device: SimDevice): Promise<void> {
    // Half of what is being moved is no copy.
    if (device.moving) return
    if (device.hasCopy) return this.#comeBack(device)
    device.copy(this.#world.step)
    this.#world.note(`${device.name} is copied`)
  }

  /** What the device did since the copy is known to nobody but the server. */
  async #comeBack(device: SimDevice): Promise<void> {
    const { ledger } = this.#world
    device.kill()
    await this.#world.pass(0)
    const { before, copied } = device.comeBack()
    const unsent = outboxOf(before).filter(({ result, setAside }) => setAside || result?.status !== 'done')
    const copy = device.outbox().filter(({ result }) => result?.status !== 'done')
    ledger.cameBack({ device: device.name, copied, at: this.#world.step }, unsent, copy)
    for (const image of before.uploads.keys()) if (!device.disk.records.uploads.has(image)) ledger.lostPhotos.add(image)
    this.#world.note(`${device.name} is as it was at step ${copied}`)
  }

  /** The version that comes keeps everything in another form, and may die while it moves what is there. */
  upgrade(device: SimDevice): void {
    device.upgrade()
    const [side, nth, when] = [
      this.#chance.pick(['from', 'to'] as const),
      this.#chance.between(1, 12),
      this.#chance.pick(['before', 'after'] as const),
    ]
    const dies = this.#chance.happens(0.7)
    this.#world.note(`${device.name} is upgraded${dies ? `, and will crash ${when} write ${nth} (${side})` : ''}`)
    if (dies) device.moving?.[side].failAt(nth, when)
  }

  /** Clocks of devices are wrong, and jump. */
  setClock(device: SimDevice): void {
    const year = 365 * 86_400_000
    device.skew = this.#chance.pick([0, -3_600_000, 86_400_000, -400 * 86_400_000, 10 * year, -10 * year])
    this.#world.note(`the clock of ${device.name} is wrong by ${device.skew / 1000} s`)
  }

  weather(): void {
    this.#world.weather = this.#chance.happens(0.2) ? FAIR : drawWeather(this.#chance)
    this.#world.note(`the network changes: ${JSON.stringify(this.#world.weather)}`)
  }

  serverCrashAhead(): void {
    const kind = this.#chance.pick(KINDS)
    const point: CrashPoint = {
      kind,
      nth: this.#chance.between(1, AHEAD[kind]),
      when: this.#chance.pick(MOMENTS[kind]),
    }
    const power = this.#chance.happens(0.5)
    this.#world.note(
      `the server will ${power ? 'lose its power' : 'be killed'} ${point.when} ${point.kind} ${point.nth} from now`,
    )
    this.#world.server.dieAt(point, power)
  }

  serverCrash(): void {
    if (!this.#world.server.isUp) return
    const power = this.#chance.happens(0.5)
    this.#world.note(power ? 'the server loses its power' : 'the server is killed')
    this.#world.server.kill(power)
  }

  /** As one does to update it. */
  async serverRestart(): Promise<void> {
    const { server } = this.#world
    if (!server.isUp) return
    this.#world.note('the server is stopped')
    await server.stop()
    await this.#world.pass(this.#chance.between(0, 5_000))
    this.#world.note('the server starts again')
    await server.start()
  }
}
