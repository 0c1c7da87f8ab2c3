import type { Chance } from './chance.ts'
import type { CrashPoint } from './crash-points.ts'
import type { SimDevice } from './device.ts'
import { drawWeather, FAIR } from './weather.ts'
import type { World } from './world.ts'

const KINDS = ['write', 'blob'] as const
const MOMENTS = { write: ['before', 'after'], blob: ['before', 'midway', 'after'] } as const

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

  /** Clocks of devices are wrong, and jump. */
  setClock(device: SimDevice): void {
    device.skew = this.#chance.pick([0, -3_600_000, 86_400_000, -400 * 86_400_000])
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
      nth: this.#chance.between(1, kind === 'write' ? 10 : 4),
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
