import { checkAll } from './checks/all.ts'
import { heal } from './heal.ts'
import { Script } from './script.ts'
import type { Template } from './template.ts'
import { World } from './world.ts'

/** How one seed or one short script ended. */
export interface Verdict {
  readonly complaints: readonly string[]
  readonly script: readonly string[]
}

/** Plays something in a world, lets all come to rest, and checks everything. */
export async function judge(template: Template, seed: string, play: (world: World) => Promise<void>): Promise<Verdict> {
  const world = await World.begin(template, seed)
  const complaints: string[] = []
  const rejected = (error: unknown) => complaints.push(`[on the way] a failure that nobody waits for: ${wordsOf(error)}`)
  process.on('unhandledRejection', rejected)
  try {
    await play(world)
    await heal(world)
    const newcomer = world.addDevice('newcomer')
    await world.finish('opening the newcomer', newcomer.open())
    await heal(world)
    complaints.push(...(await checkAll(world)))
  } catch (error) {
    complaints.push(`[comes to rest] ${wordsOf(error)}`, ...world.faults, ...world.server.errors)
  } finally {
    await world.end()
    process.off('unhandledRejection', rejected)
  }
  return { complaints, script: world.script }
}

const wordsOf = (error: unknown): string => (error instanceof Error ? (error.stack ?? error.message) : String(error))

/** One seed: random deeds, random trouble. */
export function playSeed(template: Template, seed: number): Promise<Verdict> {
  return judge(template, `seed ${seed}`, (world) => new Script(world).play())
}
