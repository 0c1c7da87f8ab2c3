import { checkFiner, checkHeld } from './checks/sight.ts'
import type { SimDevice } from './device.ts'
import type { Household } from './household.ts'
import { type Facts, friendsOf, grounds, readFacts } from './sight.ts'
import type { World } from './world.ts'

/** Syncs until what follows a sync (numbers, pages written anew, pictures held against them) is done too. */
const SYNCS = 3

async function syncs(world: World, device: SimDevice): Promise<boolean> {
  const { program } = device
  if (!program) return false
  const synced = program.engine.syncNow().then(
    () => true,
    () => false,
  )
  return world.finish(`a contact of ${device.name}`, Promise.race([synced, program.life.ended.then(() => false)]))
}

async function factsNow({ server, busy }: World): Promise<Facts | undefined> {
  return server.isUp ? busy.track('looking at all rows', readFacts(server.ctx.db)) : undefined
}

/**
 * A device speaks with the server, and holds nothing afterwards that its account could not see before and cannot see now; asked
 * only about dexes that showed the same all the time, for what changes meanwhile may come a contact later.
 */
export async function contact(world: World, device: SimDevice, { account }: Household): Promise<void> {
  if (!device.program || !device.online) return
  await world.pass(0)
  const before = await factsNow(world)
  if (!before) return
  for (let n = 0; n < SYNCS; n += 1) if (!(await syncs(world, device))) return
  const after = await factsNow(world)
  if (!after || !device.program) return
  world.note(`${device.name} has been in contact`)
  const judged = (owner: string) =>
    !after.closed.has(owner) && grounds(before, account, owner) === grounds(after, account, owner)
  const wrong = [...checkHeld(device, account, after, judged)]
  for (const owner of friendsOf(after, account).filter(judged)) {
    wrong.push(...(await world.finish('looking closely', checkFiner(device, owner, after))))
  }
  for (const what of wrong) world.fault(`after its contact ${what}`)
}
