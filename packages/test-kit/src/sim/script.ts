import { NetworkFailure, StorageFull } from '@biologidex/client/ports'
import { AppError } from '@biologidex/core/errors'
import type { EntryOnScreen } from '@biologidex/core/sync/overlay'
import type { Chance } from './chance.ts'
import type { SimDevice } from './device.ts'
import { Hazards } from './hazards.ts'
import { Person } from './person.ts'
import { Society } from './society.ts'
import { Visits } from './visits.ts'
import type { World } from './world.ts'

/** How often each thing happens, against the others. */
const WEIGHTS = {
  create: 10,
  createMany: 1,
  edit: 28,
  clash: 12,
  photo: 6,
  arrange: 12,
  visit: 2,
  guest: 5,
  delete: 5,
  restore: 4,
  resolve: 8,
  look: 3,
  syncNow: 6,
  tryAgain: 1,
  network: 8,
  close: 3,
  crash: 2,
  crashAhead: 6,
  full: 1,
  fullAhead: 3,
  drawer: 8,
  upgrade: 3,
  clock: 1,
  weather: 3,
  serverCrash: 2,
  serverCrashAhead: 8,
  serverRestart: 2,
}
type Act = keyof typeof WEIGHTS

/** Milliseconds until the next step, and how often. */
const GAPS = { '0': 3, '20': 3, '200': 4, '3000': 5, '30000': 3, '240000': 1 }

/** How many of the steps of a seed with several people are between them. */
const AMONG_PEOPLE = 0.6

/** Most people come back to a few entries. */
const FAVOURITES = 3

/** Syncs because the person wants to; the only failures it may tell of are those that it names. */
export function syncNow(world: World, device: SimDevice): void {
  const { program } = device
  if (!program) return
  world.note(`${device.name} syncs on demand`)
  program.engine.syncNow().then(
    (changed) => world.note(`${device.name} has synced, ${changed} changed`),
    (error: unknown) => {
      const known = error instanceof AppError || error instanceof NetworkFailure || error instanceof StorageFull
      if (known) world.note(`${device.name} could not sync: ${error.message}`)
      else world.fault(`${device.name} fails at syncing: ${String(error)}`)
    },
  )
}

/** The steps of one seed, drawn one after another. */
export class Script {
  readonly #world: World
  readonly #chance: Chance
  readonly #person: Person
  readonly #hazards: Hazards
  readonly #visits: Visits
  readonly #society: Society | undefined

  /** @param people whether there are others with dexes of their own */
  constructor(world: World, people: boolean) {
    this.#world = world
    this.#chance = world.chance.fork('script')
    this.#person = new Person(world)
    this.#hazards = new Hazards(world)
    this.#visits = new Visits(world)
    this.#society = people ? new Society(world, this.#person, this.#hazards) : undefined
  }

  /** Two devices at first; a third signs in on the way. */
  async play(): Promise<void> {
    const world = this.#world
    world.storageMs = this.#chance.pick([0, 0, 5])
    this.#hazards.weather()
    for (const name of ['phone', 'tablet'] as const) await this.#open(world.addDevice(name))
    await this.#society?.moveIn()
    const steps = this.#chance.between(40, 80)
    const joins = this.#chance.between(3, steps - 5)
    for (world.step = 1; world.step <= steps; world.step += 1) {
      if (world.step === joins) await this.#open(world.addDevice('laptop'))
      if (this.#society && this.#chance.happens(AMONG_PEOPLE)) await this.#society.act()
      else await this.#step()
      await world.pass(Number(this.#chance.weighted(GAPS)))
      if (world.server.isUp) await world.witness.look(world.server.ctx.db)
    }
  }

  async #open(device: SimDevice): Promise<void> {
    this.#world.note(`${device.name} is opened`)
    await this.#world.finish(`opening ${device.name}`, device.open())
  }

  async #step(): Promise<void> {
    const device = this.#chance.pick(this.#world.devices)
    const act = this.#chance.weighted(WEIGHTS)
    if (!device.program && this.#chance.happens(0.5)) await this.#open(device)
    await this.#act(act, device)
  }

  async #act(act: Act, device: SimDevice): Promise<void> {
    const [person, hazards] = [this.#person, this.#hazards]
    const entry = this.#entry(device)
    if (act === 'create') person.create(device, this.#chance.pick([0, 0, 1, 1, 2]))
    else if (act === 'createMany') for (let many = this.#chance.between(5, 15); many > 0; many -= 1) person.create(device, 0)
    else if (act === 'edit' && entry) person.edit(device, entry, person.fields())
    else if (act === 'clash' && entry) this.#clash(device, entry)
    else if (act === 'photo' && entry) person.addPhoto(device, entry)
    else if (act === 'arrange' && entry) person.arrange(device, entry)
    else if (act === 'delete' && entry) person.delete(device, entry)
    else if (act === 'restore') person.restore(device)
    else if (act === 'resolve') person.resolve(device)
    else if (act === 'look') person.look(device)
    else if (act === 'tryAgain') await person.tryAgain(device)
    else if (act === 'syncNow') syncNow(this.#world, device)
    else if (act === 'network') hazards.switchNetwork(device)
    else if (act === 'close') await this.#close(device)
    else if (act === 'crash') hazards.crash(device)
    else if (act === 'crashAhead') hazards.crashAhead(device)
    else if (act === 'full') hazards.switchFull(device)
    else if (act === 'visit') await this.#visits.switch(this.#world.devices[0] ?? device)
    else if (act === 'guest') this.#visits.act()
    else if (act === 'fullAhead') hazards.fullAhead(device)
    else if (act === 'drawer') await hazards.drawer(device)
    else if (act === 'upgrade') await this.#upgrade(device)
    else if (act === 'clock') hazards.setClock(device)
    else if (act === 'weather') hazards.weather()
    else if (act === 'serverCrash') hazards.serverCrash()
    else if (act === 'serverCrashAhead') hazards.serverCrashAhead()
    else if (act === 'serverRestart') await hazards.serverRestart()
  }

  /** Two devices deal with one entry, before either hears of the other. */
  #clash(device: SimDevice, entry: EntryOnScreen): void {
    const person = this.#person
    const others = this.#world.devices.filter((one) => one !== device && one.program?.dex.entries.has(entry.id))
    const other = others.length > 0 ? this.#chance.pick(others) : undefined
    const theirs = other?.program?.dex.entries.get(entry.id)
    if (!other || !theirs) return
    const fields = person.fields()
    person.edit(other, theirs, fields)
    const act = this.#chance.weighted({ edit: 6, delete: 3, photo: 2, arrange: 3, describe: 3 })
    if (act === 'edit') person.edit(device, entry, fields)
    else if (act === 'delete') person.delete(device, entry)
    else if (act === 'describe') {
      person.describe(other, theirs)
      person.describe(device, entry)
    } else if (act === 'arrange') {
      person.arrange(other, theirs)
      person.arrange(device, entry)
    } else {
      person.addPhoto(device, entry)
      person.delete(other, theirs)
    }
  }

  async #close(device: SimDevice): Promise<void> {
    this.#world.note(`${device.name} is closed`)
    await this.#world.finish(`closing ${device.name}`, device.close())
  }

  /** Another version of the program comes, and goes again. */
  async #upgrade(device: SimDevice): Promise<void> {
    await this.#close(device)
    device.leaveUnknown()
    if (this.#chance.happens(0.5)) this.#hazards.upgrade(device)
    await this.#open(device)
  }

  #entry(device: SimDevice): EntryOnScreen | undefined {
    const all = this.#person.entries(device)
    const some = this.#chance.happens(0.6) ? all.slice(0, FAVOURITES) : all
    return some.length > 0 ? this.#chance.pick(some) : undefined
  }
}
