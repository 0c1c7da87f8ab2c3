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

/** Points that a script passes when nothing happens. */
interface Points extends Readonly<Record<'device' | CrashPoint['kind'], number>> {
  /** Those of `file` that can be done by half. */
  readonly halves: ReadonlySet<number>
  /** Writes of an upgrade, to the disk that it moves from and the one that it moves to. */
  readonly moved: Moved
}

interface Moved {
  readonly from: number
  readonly to: number
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

/** A photo of something new and an edit, on one device: a push, an upload in two pieces and a job, and one more push. */
async function onePush(world: World, phone: SimDevice): Promise<void> {
  const person = new Person(world)
  person.largePhotos = 1
  const pause = async () => {
    if (!phone.program) await world.finish('opening', phone.open())
    world.step += 1
    await world.pass(2 * SECONDS)
  }
  await pause()
  const id = person.create(phone, 1, 'animal')
  await pause()
  const entry = phone.program?.dex.entries.get(id)
  if (entry) person.edit(phone, entry, ['note'])
  await pause()
}

interface Played {
  readonly phone: SimDevice
  readonly moved: Moved
}
type Play = (world: World, plan: (phone: SimDevice) => void) => Promise<Played>
const NOT_MOVED: Moved = { from: 0, to: 0 }

const shortScript: Play = async (world, plan) => {
  const script = new ShortScript(world)
  plan(script.phone)
  await script.play()
  return { phone: script.phone, moved: NOT_MOVED }
}

/** A phone with a dex, and offline with a photo and edits that wait, is upgraded; it is opened until that has come to its end. */
const upgradeScript: Play = async (world, plan) => {
  const person = new Person(world)
  const phone = world.addDevice('phone')
  const open = () => world.finish('opening', phone.open())
  const edit = (id: string) => {
    const entry = phone.program?.dex.entries.get(id)
    if (entry) person.edit(phone, entry, ['note'])
  }
  await open()
  const first = person.create(phone, 1, 'animal')
  await world.pass(5 * SECONDS)
  person.look(phone)
  await world.pass(SECONDS)
  phone.goOffline()
  edit(first)
  const second = person.create(phone, 2, 'animal')
  await world.pass(SECONDS)
  await world.finish('closing', phone.close())

  phone.upgrade()
  const { from, to } = phone.moving ?? { from: phone.disk, to: phone.disk }
  const before = from.writes
  plan(phone)
  while (!phone.program) await open()
  const moved = { from: from.writes - before, to: to.writes }
  edit(second)
  phone.goOnline(true)
  await world.pass(2 * SECONDS)
  return { phone, moved }
}

const serverScript: Play = async (world, plan) => {
  const phone = world.addDevice('phone')
  plan(phone)
  await onePush(world, phone)
  return { phone, moved: NOT_MOVED }
}

async function play(template: Template, script: Play, { name, plan }: Mishap): Promise<{ verdict: Verdict; points: Points }> {
  let points: Points = { device: 0, write: 0, blob: 0, file: 0, statement: 0, halves: new Set(), moved: NOT_MOVED }
  const verdict = await judge(template, 'every point', async (world) => {
    const { passed, halves } = world.server.plan
    world.downMs = SECONDS
    world.note(name)
    const before = { ...passed }
    const { phone, moved } = await script(world, (first) => plan(world, first))
    points = {
      device: phone.disk.writes,
      write: passed.write - before.write,
      blob: passed.blob - before.blob,
      file: passed.file - before.file,
      statement: passed.statement - before.statement,
      halves: new Set(halves.map((at) => at - before.file)),
      moved,
    }
  })
  return { verdict, points }
}

const serverDies = (point: CrashPoint, power: boolean): Mishap => ({
  name: `the server ${power ? 'loses its power' : 'is killed'} ${point.when} ${point.kind} ${point.nth}`,
  plan: (world) => world.server.dieAt(point, power),
})

function* mishaps({ device, write, blob }: Points): Generator<Mishap> {
  for (let nth = 1; nth <= device; nth += 1) {
    for (const when of ['before', 'after'] as const) {
      yield { name: `the phone crashes ${when} its write ${nth}`, plan: (_, phone) => phone.disk.failAt(nth, when) }
    }
  }
  for (let nth = 1; nth <= write; nth += 1) {
    for (const when of ['before', 'after'] as const) yield serverDies({ kind: 'write', nth, when }, true)
  }
  for (let nth = 1; nth <= blob; nth += 1) {
    for (const when of ['before', 'midway', 'after'] as const) {
      for (const power of [false, true]) yield serverDies({ kind: 'blob', nth, when }, power)
    }
  }
}

function* upgradeMishaps({ moved }: Points): Generator<Mishap> {
  for (const [side, disk] of [
    ['from', 'old'],
    ['to', 'new'],
  ] as const) {
    for (let nth = 1; nth <= moved[side]; nth += 1) {
      for (const when of ['before', 'after'] as const) {
        const name = `the upgrade of the phone crashes ${when} write ${nth} of its ${disk} store`
        yield { name, plan: (_, phone) => phone.moving?.[side].failAt(nth, when) }
      }
    }
  }
}

/**
 * Every step of the server. Before one is after the one before it: the quick way leaves `after` out, and kills at every other
 * statement where the long one does both.
 */
function* steps({ file, statement, halves }: Points, long: boolean): Generator<Mishap> {
  for (let nth = 1; nth <= file; nth += 1) {
    for (const power of [false, true]) {
      yield serverDies({ kind: 'file', nth, when: 'before' }, power)
      if (halves.has(nth)) yield serverDies({ kind: 'file', nth, when: 'midway' }, power)
      if (long) yield serverDies({ kind: 'file', nth, when: 'after' }, power)
    }
  }
  for (let nth = 1; nth <= statement; nth += 1) {
    for (const power of long ? [false, true] : [nth % 2 === 0]) {
      for (const when of ['before', ...(long ? (['after'] as const) : [])] as const) {
        yield serverDies({ kind: 'statement', nth, when }, power)
      }
    }
  }
}

/** How a script ended that something befell. */
interface Ended {
  readonly name: string
  readonly verdict: Verdict
}

const NOTHING: Mishap = { name: 'nothing happens', plan: () => undefined }

async function* each(
  template: Template,
  script: Play,
  of: (points: Points) => Generator<Mishap>,
  only: string,
): AsyncGenerator<Ended> {
  const { verdict, points } = await play(template, script, NOTHING)
  if (!only) yield { name: NOTHING.name, verdict }
  for (const mishap of of(points)) {
    if (mishap.name.includes(only)) yield { name: mishap.name, verdict: (await play(template, script, mishap)).verdict }
  }
}

/**
 * The short script, crashed at every point that it passes, in turn, and an upgrade of a phone likewise. Answers how each ended.
 * @param only plays those whose name holds this text
 */
export async function* everyPoint(template: Template, only: string): AsyncGenerator<Ended> {
  yield* each(template, shortScript, mishaps, only)
  yield* each(template, upgradeScript, upgradeMishaps, only)
}

/**
 * A push, an upload and a job, the server dying at every single write, sync, rename and statement in turn.
 * @param long every step in every way, not each in one
 */
export const everyStep = (template: Template, only: string, long: boolean): AsyncGenerator<Ended> =>
  each(template, serverScript, (points) => steps(points, long), only)
