import { accountRoutes } from '@biologidex/core/accounts/routes'
import { PROTOCOL, PROTOCOL_HEADER } from '@biologidex/core/protocol'
import type { SimDevice } from './device.ts'
import { remains } from './heal.ts'
import type { Household } from './household.ts'
import { ServerGone } from './sim-server.ts'
import { PASSWORD } from './template.ts'
import type { World } from './world.ts'

/** A neighbour signs out, and in again on a device that knows nothing any more; it has one device, which nobody else uses. */
export async function signOut(world: World, device: SimDevice, { ledger }: Household): Promise<void> {
  const { program } = device
  // What is unsent would be lost: who is told so sends it first (C1).
  if (!program || device.outbox().length > 0 || device.disk.records.uploads.size > 0) return
  world.note(`${device.name} signs out`)
  ledger.signedOut(device.name, world.step)
  await world.finish(`signing out on ${device.name}`, Promise.race([program.engine.wipe(), program.life.ended]))
  const left = program.life.over ? undefined : remains(device)
  if (left) world.fault(`after its sign-out ${left}`)
  device.kill()
  await world.finish(`signing in on ${device.name}`, device.open())
}

/** A neighbour deletes their account, for good. */
export async function leave(world: World, household: Household): Promise<void> {
  const { server, template } = world
  const token = template.neighbours.find(({ account }) => account === household.account)?.token
  if (!token || !server.isUp || household.deletion !== 'no') return
  world.note(`the account of ${household.devices[0]?.name} is to be deleted`)
  household.deletion = 'asked'
  const headers = {
    authorization: `Bearer ${token}`,
    'content-type': 'application/json',
    [PROTOCOL_HEADER]: String(PROTOCOL),
  }
  const { method, path } = accountRoutes.deleteAccount
  try {
    const asked = server.send({ method, path, headers, body: JSON.stringify({ password: PASSWORD }) })
    const { status, body } = await world.finish('deleting an account', asked)
    if (status === 200) household.deletion = 'done'
    else world.fault(`an account could not be deleted: ${body.toString()}`)
  } catch (error) {
    if (!(error instanceof ServerGone)) throw error
  }
}
