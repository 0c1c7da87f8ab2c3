import { changeIucn } from '@biologidex/server/slices/entries/vulnerability.service'
import type { Chance } from './chance.ts'
import type { World } from './world.ts'

const CATEGORIES = ['LC', 'VU', 'EN'] as const

/** The server's host says anew how threatened an animal is that somebody keeps. */
export async function threaten(world: World, chance: Chance): Promise<void> {
  const { server, busy } = world
  if (!server.isUp || !server.life) return
  const { life, ctx } = server
  const animals = ctx.db.read.selectFrom('animals').select('id').where('verified', '=', 1).where('number', 'is not', null)
  const kept = await busy.track('looking for animals', animals.orderBy('number').execute())
  if (kept.length === 0) return
  const [{ id }, category] = [chance.pick(kept), chance.pick(CATEGORIES)]
  world.note(`the animal ${id.slice(0, 6)} is ${category} from now on`)
  const changed = changeIucn(ctx, id, { category, source: 'IUCN Red List', date: '2026' })
  await world.finish('a change of an animal', Promise.race([changed, life.ended]))
}
