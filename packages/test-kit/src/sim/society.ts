import type { Draft } from '@biologidex/client/face'
import { PRECISIONS } from '@biologidex/core/entries/place'
import type { EntryOnScreen } from '@biologidex/core/sync/overlay'
import type { Chance } from './chance.ts'
import { contact } from './contact.ts'
import { leave, signOut } from './departures.ts'
import type { SimDevice } from './device.ts'
import type { Hazards } from './hazards.ts'
import { threaten } from './host.ts'
import type { Household } from './household.ts'
import { Person } from './person.ts'
import type { World } from './world.ts'

/** How often each thing happens between people, against the others. */
const WEIGHTS = {
  keep: 8,
  show: 5,
  place: 3,
  edit: 3,
  arrange: 2,
  delete: 2,
  restore: 1,
  ask: 4,
  accept: 8,
  part: 1.5,
  block: 0.7,
  unblock: 2,
  precision: 6,
  threaten: 3,
  look: 8,
  contact: 8,
  network: 2,
  crashAhead: 1,
  close: 1,
  signOut: 2,
  leave: 0.5,
}

/** Long enough for a request and its answer, in most weathers. */
const A_WHILE = 3_000

/** Entries that each keeps at first. */
const AT_FIRST = 3

/** Entries that one looks at in another's dex. */
const LOOKED_AT = 6

const asked = (to: string) => ({ to })

/** People with dexes of their own: who is whose friend, who sees what, and who leaves. */
export class Society {
  readonly #world: World
  readonly #chance: Chance
  readonly #hazards: Hazards
  readonly #people = new Map<Household, Person>()

  /** @param person who is at home, whose values are never the same twice */
  constructor(world: World, person: Person, hazards: Hazards) {
    this.#world = world
    this.#chance = world.chance.fork('society')
    this.#hazards = hazards
    this.#people.set(world.home, person)
  }

  /** Two neighbours move in and make friends, as far as the network lets them. */
  async moveIn(): Promise<void> {
    const world = this.#world
    for (const { name } of world.template.neighbours) {
      const household = world.addNeighbour()
      if (!household) continue
      this.#people.set(household, new Person(world, name, household))
      for (const device of household.devices) {
        await world.finish(`opening ${device.name}`, device.open())
        for (let n = 0; n < AT_FIRST; n += 1) this.#people.get(household)?.create(device, 1, 'animal')
      }
    }
    const [cleo, dora] = world.neighbours
    if (!cleo || !dora) return
    const pairs = [[world.home, cleo] as const, [cleo, dora] as const, [dora, world.home] as const]
    for (const [one, other] of pairs) this.#tell(one, 'asks', { type: 'friend', id: other.account, op: 'create' })
    await world.pass(A_WHILE)
    for (const [one, other] of pairs) this.#accept(other, one)
    await world.pass(A_WHILE)
  }

  /** One thing that somebody does, to somebody else where it takes two. */
  async act(): Promise<void> {
    const all = [...this.#people.keys()]
    const one = this.#chance.pick(all.filter(({ deletion }) => deletion === 'no'))
    const other = this.#chance.pick(all.filter((household) => household !== one))
    const device = this.#chance.pick(one.devices)
    if (!device.program && this.#chance.happens(0.7)) await this.#open(device)
    const act = this.#chance.weighted(WEIGHTS)
    if (act === 'contact') await contact(this.#world, device, one)
    else if (act === 'look') await this.#look(device, one, other)
    else if (act === 'threaten') await threaten(this.#world, this.#chance)
    else if (act === 'precision') this.#precision(device, one)
    else if (act === 'signOut') await this.#signOut(device, one)
    else if (act === 'leave') await leave(this.#world, one)
    else if (act === 'network') this.#hazards.switchNetwork(device)
    else if (act === 'crashAhead') this.#hazards.crashAhead(device)
    else if (act === 'close') await this.#world.finish(`closing ${device.name}`, device.close())
    else if (act === 'ask') await this.#between(one, other, 'asks', { type: 'friend', id: other.account, op: 'create' })
    else if (act === 'accept') this.#accept(one, other)
    else if (act === 'part') await this.#between(one, other, 'parts from', { type: 'friend', id: other.account, op: 'delete' })
    else if (act === 'block') await this.#between(one, other, 'blocks', { type: 'block', id: other.account, op: 'create' })
    else if (act === 'unblock') await this.#between(one, other, 'unblocks', { type: 'block', id: other.account, op: 'delete' })
    else this.#keep(act, device, one)
  }

  #keep(act: 'keep' | 'show' | 'place' | 'edit' | 'arrange' | 'delete' | 'restore', device: SimDevice, one: Household): void {
    const person = this.#people.get(one)
    const entries = person?.entries(device) ?? []
    const entry: EntryOnScreen | undefined = entries.length > 0 ? this.#chance.pick(entries) : undefined
    if (act === 'keep' || !entry) person?.create(device, 1, 'animal')
    else if (act === 'show') person?.edit(device, entry, ['visibility'])
    else if (act === 'place') person?.edit(device, entry, ['place', 'observed'])
    else if (act === 'edit') person?.edit(device, entry, person.fields())
    else if (act === 'arrange') person?.arrange(device, entry)
    else if (act === 'delete') person?.delete(device, entry)
    else person?.restore(device)
  }

  async #open(device: SimDevice): Promise<void> {
    this.#world.note(`${device.name} is opened`)
    await this.#world.finish(`opening ${device.name}`, device.open())
  }

  #accept(one: Household, other: Household): void {
    this.#tell(one, 'accepts', { type: 'friend', id: other.account, op: 'update', set: { state: asked('friends') } })
  }

  /** What was refused before is dropped first: what comes after it would be refused with it (O6). */
  async #between(one: Household, other: Household, what: string, draft: Draft): Promise<void> {
    for (const { program } of one.devices) {
      const aside = program?.engine.setAside().mutations.filter(({ type }) => type === 'friend' || type === 'block') ?? []
      for (const { n } of program ? aside : []) {
        const drop = program?.engine.discard(n).catch((error: unknown) => this.#world.note(`it could not: ${String(error)}`))
        await this.#world.finish('dropping what was refused', Promise.race([drop, program?.life.ended]))
      }
    }
    this.#tell(one, `${what} ${other.devices[0]?.name}, as`, draft)
  }

  #tell(one: Household, what: string, draft: Draft): void {
    const device = one.devices.find(({ program }) => program) ?? this.#chance.pick(one.devices)
    if (!device.program) return
    this.#world.note(`${device.name} ${what} ${draft.op} ${draft.type}/${draft.id.slice(0, 6)}`)
    device.program.engine.mutate([draft]).catch((error: unknown) => this.#world.note(`it could not: ${String(error)}`))
  }

  /** How finely others see places from now on. */
  #precision(device: SimDevice, { account }: Household): void {
    const settings = device.program?.dex.profile?.settings
    if (!settings) return
    const field = this.#chance.pick(['friendsPrecision', 'publicPrecision'] as const)
    const change = { was: settings[field], to: this.#chance.pick(['exact', ...PRECISIONS] as const) }
    this.#world.note(`${device.name} sets ${field} to ${change.to}`)
    const draft: Draft = { type: 'setting', id: account, op: 'update', set: { [field]: change } }
    device.program?.engine.mutate([draft]).catch((error: unknown) => this.#world.note(`it could not: ${String(error)}`))
  }

  /** Somebody looks through another's dex, picture by picture. */
  async #look(device: SimDevice, one: Household, { account: dex }: Household): Promise<void> {
    const { program } = device
    if (!program?.engine.dexes().some(({ account }) => account === dex)) return
    const look = async () => {
      const view = await program.engine.openDex(dex)
      const entries = [...view.entries.values()].sort((a, b) => (a.id < b.id ? -1 : 1)).slice(0, LOOKED_AT)
      view.close()
      for (const { id: entry, images = [] } of entries) {
        for (const { id: image, renditions } of images.slice(0, 1)) {
          const sha256 = renditions?.wall?.sha256
          if (sha256) await program.engine.picture({ dex, entry, image, rendition: 'wall', sha256 })
        }
      }
      await program.engine.looked(dex)
    }
    this.#world.note(`${device.name} of ${one.account.slice(0, 6)} looks at the dex ${dex.slice(0, 6)}`)
    const looked = look().catch((error: unknown) => this.#world.note(`it could not: ${String(error)}`))
    await this.#world.finish('looking', Promise.race([looked, program.life.ended]))
  }

  /** Who shares a device, or has several, stays. */
  async #signOut(device: SimDevice, one: Household): Promise<void> {
    if (one !== this.#world.home) await signOut(this.#world, device, one)
  }
}
