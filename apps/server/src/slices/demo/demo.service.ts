import type { FieldChange, Mutation } from '@biologidex/core/sync/mutation'
import type { Context } from '../../context.ts'
import { addPeople } from '../accounts/accounts.service.ts'
import { showImages } from '../images/images.service.ts'
import { push } from '../sync/push.service.ts'
import { type DemoPerson, demoPerson } from './demo-people.ts'
import { type DemoPhoto, demoPhotos } from './demo-photos.ts'
import { DrawnPictures, type KeptPicture, keepPicture } from './demo-pictures.ts'
import { type DemoSighting, demoSighting } from './demo-sightings.ts'
import { SeededRandom } from './seeded-random.ts'

/** The password of everybody in a demo. */
export const DEMO_PASSWORD = 'wild and woolly'
/** From so many entries on pictures are shared, unless said otherwise: each takes a quarter of a second to draw. */
const SHARED_FROM = 1_000
/** Sightings in one push: two changes each. */
const BATCH = 200
/** Up to here everybody is a friend of everybody; in larger ones all are friends of the first, and of the next. */
const ALL_FRIENDS = 12
/** Seeds that lie a quarter of the generator's cycle apart: no number that one of them gives comes from another. */
const SEED = 20_261_101
const SERVER_SEED = SEED + 2 ** 30
const CATALOGUE_SEED = SEED + 2 ** 31

export interface DemoSize {
  readonly people: number
  /** Entries of each person. */
  readonly entries: number
  /** Entries of the first person. */
  readonly own: number
}

/** Somebody of a demo as it was made. */
export interface DemoAccount {
  readonly id: string
  readonly username: string
  readonly token: string
  readonly entries: number
}

/** A device of the demo: what it pushes is numbered. */
interface Device {
  readonly ctx: Context
  readonly account: DemoAccount
  readonly client: string
  n: number
}

type Change = Omit<Mutation, 'n'>

async function send(device: Device, changes: readonly Change[]): Promise<void> {
  const { ctx, client } = device
  const account = device.account.id
  const mutations = changes.map((change) => {
    device.n += 1
    return { ...change, n: device.n }
  })
  const caller = { account, session: 'demo', device: 'demo' }
  const { results } = await push(ctx, caller, { account, client, ack: device.n - changes.length, mutations })
  const refused = results.find(({ status }) => status !== 'done')
  if (refused) throw new Error(`the demo was refused: ${JSON.stringify(refused)}`)
}

interface Ready {
  readonly sighting: DemoSighting
  readonly picture: KeptPicture
}

function changesOf({ sighting, picture }: Ready): Change[] {
  const { entry, image, set } = sighting
  const { sha256, size, mediaType } = picture
  const announced: Record<string, FieldChange> = {
    entry: { to: entry },
    sha256: { to: sha256 },
    size: { to: size },
    mediaType: { to: mediaType },
  }
  return [
    { type: 'entry', id: entry, op: 'create', set },
    { type: 'image', id: image, op: 'create', set: announced },
  ]
}

/** Keeps sightings as a device would, their pictures ready at once. */
async function keep(device: Device, batch: readonly Ready[]): Promise<void> {
  const { ctx, account } = device
  await send(device, batch.flatMap(changesOf))
  const developed = new Map(batch.map(({ sighting, picture }) => [sighting.image, picture.developed]))
  await ctx.db.write(async (tx) => {
    await tx.lockOwner(account.id)
    await showImages(tx, ctx, account.id, developed)
  })
}

async function join(ctx: Context, people: readonly DemoPerson[], random: SeededRandom): Promise<Device[]> {
  const made = await addPeople(ctx, people, DEMO_PASSWORD, 'demo')
  const devices = people.map(({ username }, at): Device => {
    const { id, token } = made[at] ?? { id: '', token: '' }
    return { ctx, account: { id, username, token, entries: 0 }, client: random.uuid(), n: 0 }
  })
  for (const [at, device] of devices.entries()) {
    const bio = people[at]?.bio
    const set = { bio: { was: null, to: bio ?? null } }
    if (bio) await send(device, [{ type: 'setting', id: device.account.id, op: 'update', set }])
  }
  return devices
}

/** Who asks whom: each pair once. */
function* pairs(people: number): Generator<[number, number]> {
  for (let a = 0; a < people; a += 1) {
    for (let b = a + 1; b < people; b += 1) if (people <= ALL_FRIENDS || a === 0 || b === a + 1) yield [a, b]
  }
}

async function befriend(devices: readonly Device[]): Promise<void> {
  for (const [a, b] of pairs(devices.length)) {
    const [asking, asked] = [devices[a], devices[b]]
    if (!asking || !asked) continue
    await send(asking, [{ type: 'friend', id: asked.account.id, op: 'create' }])
    await send(asked, [{ type: 'friend', id: asking.account.id, op: 'update', set: { state: { was: 'asks', to: 'friends' } } }])
  }
}

interface Filling {
  readonly random: SeededRandom
  readonly pictures: DrawnPictures
  readonly photos: DemoPhoto[]
  /** Sightings made so far. */
  made: number
}

/** One person's sightings; the photographs go to the first who have room for them. */
async function fillDex(device: Device, person: DemoPerson, count: number, filling: Filling): Promise<void> {
  const { random, pictures, photos } = filling
  let batch: Ready[] = []
  for (let at = 0; at < count; at += 1) {
    const photo = at % 5 === 2 ? photos.shift() : undefined
    const sighting = demoSighting(random, person, photo)
    const picture = photo
      ? await keepPicture(device.ctx, photo.bytes, 'image/webp')
      : await pictures.of(filling.made, sighting.animal)
    filling.made += 1
    batch.push({ sighting, picture })
    if (batch.length < BATCH && at < count - 1) continue
    await keep(device, batch)
    batch = []
  }
}

/** The same database, whose writes here draw from a seed. The server that is started on it later draws as ever. */
function drawing(ctx: Context, seed: number): Context {
  const random = new SeededRandom(seed)
  const { db } = ctx
  return { ...ctx, db: { ...db, write: (work) => db.write((tx) => work({ ...tx, random })) } }
}

/** For the catalogue that a demo begins with: by a seed of its own, so that one made earlier holds no id that the demo will draw. */
export const drawingCatalogue = (ctx: Context): Context => drawing(ctx, CATALOGUE_SEED)

/**
 * Fills a server with people who are friends, and their dexes: on an empty one the same ones, down to their ids, whenever it is asked with
 * the same size, whatever the day. New each time are what opens an account (password hashes, seals, friend codes, sessions), the epochs of
 * feeds, and the times at which all of it was made. Where the catalogue was there already its animals have the ids they had.
 * @param onPerson told after each dex
 * @throws AppError username_taken when somebody of that name is there already; nothing of theirs is changed
 */
export async function fillDemo(
  server: Context,
  size: DemoSize,
  onPerson: (account: DemoAccount) => void,
): Promise<DemoAccount[]> {
  const ctx = drawing(server, SERVER_SEED)
  const random = new SeededRandom(SEED)
  const total = size.own + size.entries * (size.people - 1)
  const pictures = new DrawnPictures(ctx, total >= SHARED_FROM)
  const filling: Filling = { random, pictures, photos: await demoPhotos(), made: 0 }
  const people = Array.from({ length: size.people }, (_, at) => demoPerson(random, at))
  const devices = await join(ctx, people, random)
  const accounts: DemoAccount[] = []
  for (const [at, device] of devices.entries()) {
    const entries = at === 0 ? size.own : size.entries
    const person = people[at]
    if (person) await fillDex(device, person, entries, filling)
    const account = { ...device.account, entries }
    accounts.push(account)
    onPerson(account)
  }
  await befriend(devices)
  return accounts
}
