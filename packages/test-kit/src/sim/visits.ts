import type { Chance } from './chance.ts'
import type { SimDevice } from './device.ts'
import { Person } from './person.ts'
import type { EditedField } from './values.ts'
import type { World } from './world.ts'

/** What the guest edits: nothing that names an animal, so that the catalogue is one person's work. */
const FIELDS: readonly EditedField[] = ['note', 'privateNote', 'place', 'count', 'visibility']

/** Somebody else uses the phone now and then, with an account of their own; two people on one device never mix (O1). */
export class Visits {
  readonly #world: World
  readonly #chance: Chance
  readonly #person: Person
  #phone: SimDevice | undefined

  constructor(world: World) {
    this.#world = world
    this.#chance = world.chance.fork('visits')
    this.#person = new Person(world, 'guest', world.guest)
  }

  /** Another one signs in on the phone; the program of the one before may still be open, in another tab. */
  async switch(phone: SimDevice): Promise<void> {
    const world = this.#world
    const comes = world.onPhone === 'home'
    this.#phone ??= world.addGuest()
    const [enters, leaves] = comes ? [this.#phone, phone] : [phone, this.#phone]
    if (this.#chance.happens(0.5)) await world.finish(`closing ${leaves.name}`, leaves.close())
    world.signIn(comes ? 'guest' : 'home')
    // Who signs in has the page anew.
    await world.finish(`closing ${enters.name}`, enters.close())
    await world.finish(`opening ${enters.name}`, enters.open())
  }

  /** The guest does something, signed in or in a tab that is still open. */
  act(): void {
    const [phone, person] = [this.#phone, this.#person]
    if (!phone?.program) return
    const entries = person.entries(phone)
    const entry = entries.length > 0 ? this.#chance.pick(entries) : undefined
    const act = this.#chance.weighted({ create: 4, edit: 4, photo: 3, delete: 1 })
    if (act === 'create' || !entry) person.create(phone, this.#chance.pick([0, 1, 2]), 'later')
    else if (act === 'edit') person.edit(phone, entry, [this.#chance.pick(FIELDS)])
    else if (act === 'photo') person.addPhoto(phone, entry)
    else person.delete(phone, entry)
  }
}
