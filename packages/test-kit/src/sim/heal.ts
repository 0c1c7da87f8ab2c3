import type { SimDevice } from './device.ts'
import type { Household } from './household.ts'
import { readFacts } from './sight.ts'
import { FAIR } from './weather.ts'
import type { World } from './world.ts'

/** How long everything may take to come to rest once nothing is in the way any more, in virtual milliseconds. */
const LONGEST = 45 * 60_000
const LOOK_EVERY = 20_000
/** Longer than the slow pull: what no nudge told is told by then. */
const SLOW_PULL = 310_000

/** A device whose account was deleted: everything of it has to go (G3). */
export function remains({ name, disk: { records } }: SimDevice): string | undefined {
  const { outbox, uploads, feeds, blobs, pictures, syncs, device } = records
  const rows = [outbox, uploads, feeds, blobs, pictures, syncs].reduce((sum, { size }) => sum + size, 0)
  return rows > 0 || device !== undefined ? `${name} keeps ${rows} things of an account that was deleted` : undefined
}

/** A device that has nothing left to do; why it has not, otherwise. */
function unrest(device: SimDevice): string | undefined {
  const status = device.program?.engine.status
  if (!status) return `${device.name} is closed`
  const { connection, here } = status
  if (connection !== 'idle') return `${device.name} is ${connection}`
  // Pictures that were set aside stay here; a change of one that was does not keep it here.
  const aside = new Set(device.outbox().flatMap(({ id, op, setAside }) => (setAside && op === 'create' ? [id] : [])))
  const held = [...device.disk.records.uploads.keys()].filter((image) => aside.has(image)).length
  if (here.changes > 0 || here.pictures > held)
    return `${device.name} keeps ${here.changes} changes and ${here.pictures} pictures`
  const waiting = device.outbox().filter((change) => !change.setAside)
  return waiting.length > 0 ? `${device.name} waits for ${waiting.length} changes to come back` : undefined
}

async function firstUnrest(world: World, households: readonly Household[]): Promise<string | undefined> {
  if (!world.server.isUp) return 'the server is down'
  const { jobs } = await world.server.ctx.db.read
    .selectFrom('jobs')
    .select(({ fn }) => fn.countAll<number>().as('jobs'))
    .executeTakeFirstOrThrow()
  if (jobs > 0) return `${jobs} jobs are left`
  for (const { devices, deletion } of households) {
    for (const device of devices) {
      const why = deletion === 'done' ? remains(device) : unrest(device)
      if (why) return why
    }
  }
  return undefined
}

/** Opens what is closed and takes everything out of the way, but asks no program to do anything. */
async function mend(world: World, devices: readonly SimDevice[]): Promise<void> {
  world.weather = FAIR
  world.server.dieAt(undefined, false)
  if (!world.server.isUp) await world.pass(20_000)
  if (!world.server.isUp) await world.finish('the start of the server', world.server.start())
  for (const device of devices) {
    device.mend()
    await world.finish(`opening ${device.name}`, device.open())
    device.goOnline(true)
  }
}

async function rest(world: World, households: readonly Household[]): Promise<void> {
  const until = world.clock.now() + LONGEST
  for (;;) {
    const why = await firstUnrest(world, households)
    if (!why) return
    if (world.clock.now() > until) throw new Error(`no rest after ${LONGEST / 60_000} minutes: ${why}`)
    await world.pass(LOOK_EVERY)
  }
}

/** Nobody heard what became of a deletion: the server says it. */
async function learnDeletions(world: World): Promise<void> {
  for (const household of world.neighbours.filter(({ deletion }) => deletion === 'asked')) {
    const { accounts } = await readFacts(world.server.ctx.db)
    household.deletion = accounts.has(household.account) ? 'no' : 'done'
  }
}

/** Who shares the phone comes one after the other; neighbours, who don't, with the one at home. */
async function healHouseholds(world: World, who: 'home' | 'guest'): Promise<void> {
  const households = who === 'home' ? [world.home, ...world.neighbours] : [world.guest]
  const devices = households.flatMap((household) => household.devices)
  world.signIn(who)
  await mend(world, devices)
  await learnDeletions(world)
  for (const device of devices) {
    const gaveUp = device.program?.engine.status.connection === 'refused'
    const maySo = device.wasFull || who === 'guest' || device === devices[0]
    if (!gaveUp || !maySo) continue
    world.note(`${device.name} is asked to sync`)
    device.program?.engine.syncNow().catch((error: unknown) => world.note(`${device.name} could not: ${String(error)}`))
  }
  await world.pass(SLOW_PULL)
  await rest(world, households)
}

/**
 * Ends all trouble and waits until nothing is left to do: everything has to go up, and come down, by itself. Only a program
 * that gave up because its device was full, or because another was signed in there, has to be asked, as its person would.
 * @throws Error naming what does not come to rest
 */
export async function heal(world: World): Promise<void> {
  world.note('all is well again')
  if (world.guest.devices.length > 0) await healHouseholds(world, 'guest')
  await healHouseholds(world, 'home')
}
