import type { CrashPoint } from './crash-points.ts'
import type { SimDevice } from './device.ts'
import { Person } from './person.ts'
import { judge, type Verdict } from './seed.ts'
import type { Template } from './template.ts'
import type { World } from './world.ts'

/** A crash of the first device or of the server, planned before anything happens. */
export interface Mishap {
  readonly name: string
  readonly plan: (world: World, device: SimDevice) => void
}

/** Points that the script passes when nothing happens. */
interface Points {
  readonly device: number
  readonly write: number
  readonly blob: number
}

const SECONDS = 1_000

/** Two devices, two entries, a photo, edits that clash, a deletion against an edit, and one that stands. */
class ShortScript {
  readonly #world: World
  readonly #person: Person
  readonly phone: SimDevice
  readonly #tablet: SimDevice

  constructor(world: World) {
    this.#world = world
    this.#person = new Person(world)
    this.phone = world.addDevice('phone')
    this.#tablet = world.addDevice('tablet')
  }

  async play(): Promise<void> {
    await this.#pause(2)
    const first = this.#person.create(this.phone, 1, 'animal')
    const second = this.phone.program ? this.#person.create(this.phone, 0, 'animal') : ''
    await this.#pause(4)
    this.#edit(this.phone, first)
    this.#edit(this.#tablet, first)
    await this.#pause(3)
    this.#delete(this.#tablet, second)
    this.#edit(this.phone, second)
    await this.#pause(3)
    this.#delete(this.phone, first)
    await this.#pause(3)
  }

  /** Time passes; a program that is not running is opened, a moment after it crashed. */
  async #pause(seconds: number): Promise<void> {
    for (let passed = 0; passed < seconds; passed += 1) {
      for (const device of [this.phone, this.#tablet]) {
        if (!device.program) await this.#world.finish(`opening ${device.name}`, device.open())
      }
      this.#world.step += 1
      await this.#world.pass(SECONDS)
    }
  }

  #edit(device: SimDevice, id: string): void {
    const entry = device.program?.dex.entries.get(id)
    if (entry) this.#person.edit(device, entry, ['note'])
  }

  #delete(device: SimDevice, id: string): void {
    const entry = device.program?.dex.entries.get(id)
    if (entry) this.#person.delete(device, entry)
  }
}

async function play(template: Template, plan: Mishap['plan']): Promise<{ verdict: Verdict; points: Points }> {
  let points: Points = { device: 0, write: 0, blob: 0 }
  const verdict = await judge(template, 'every point', async (world) => {
    const script = new ShortScript(world)
    const { passed } = world.server.plan
    world.downMs = SECONDS
    const before = { ...passed }
    plan(world, script.phone)
    await script.play()
    points = { device: script.phone.disk.writes, write: passed.write - before.write, blob: passed.blob - before.blob }
  })
  return { verdict, points }
}

function* mishaps({ device, write, blob }: Points): Generator<Mishap> {
  for (let nth = 1; nth <= device; nth += 1) {
    for (const when of ['before', 'after'] as const) {
      yield { name: `the phone crashes ${when} its write ${nth}`, plan: (_, phone) => phone.disk.failAt(nth, when) }
    }
  }
  const server = (point: CrashPoint, power: boolean): Mishap => ({
    name: `the server ${power ? 'loses its power' : 'is killed'} ${point.when} ${point.kind} ${point.nth}`,
    plan: (world) => world.server.dieAt(point, power),
  })
  for (let nth = 1; nth <= write; nth += 1) {
    for (const when of ['before', 'after'] as const) yield server({ kind: 'write', nth, when }, true)
  }
  for (let nth = 1; nth <= blob; nth += 1) {
    for (const when of ['before', 'midway', 'after'] as const) {
      for (const power of [false, true]) yield server({ kind: 'blob', nth, when }, power)
    }
  }
}

/**
 * The short script, crashed at every point that it passes, in turn. Answers how it ended each time.
 * @param only plays those whose name holds this text
 */
export async function* everyPoint(
  template: Template,
  only: string,
): AsyncGenerator<{ readonly name: string; readonly verdict: Verdict }> {
  const { verdict, points } = await play(template, () => undefined)
  if (!only) yield { name: 'nothing happens', verdict }
  for (const { name, plan } of mishaps(points)) {
    if (name.includes(only)) yield { name, verdict: (await play(template, plan)).verdict }
  }
}
