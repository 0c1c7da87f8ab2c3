import { checkAll } from './checks/all.ts'
import { heal } from './heal.ts'
import { Person } from './person.ts'
import { Script } from './script.ts'
import type { Template } from './template.ts'
import { World } from './world.ts'

/** How one seed or one short script ended. */
export interface Verdict {
  readonly complaints: readonly string[]
  readonly script: readonly string[]
}

/**
 * Plays something in a world, lets all come to rest, and checks everything.
 * @param spoil breaks something before it is checked: to see that it is found
 */
export async function judge(
  template: Template,
  seed: string,
  play: (world: World) => Promise<void>,
  spoil: (world: World) => Promise<void> = async () => undefined,
): Promise<Verdict> {
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
    complaints.push(...(await nudged(world)))
    await spoil(world)
    complaints.push(...(await checkAll(world)))
  } catch (error) {
    complaints.push(`[comes to rest] ${wordsOf(error)}`, ...world.faults, ...world.server.errors)
  } finally {
    await world.end()
    process.off('unhandledRejection', rejected)
  }
  return { complaints, script: world.script }
}

/** Longer than nudges gather and the network takes, and far shorter than any timer pulls by itself. */
const SOON = 5_000

/** What is kept on one device shows on the others soon, though nobody does anything there (N1). */
async function nudged(world: World): Promise<string[]> {
  const [first, ...others] = world.devices
  const id = first?.program ? new Person(world, 'nudging person').create(first, 0) : ''
  await world.pass(SOON)
  const blind = others.filter(({ program }) => program?.dex.entries.get(id)?.pending !== false)
  return blind.map(({ name }) => `[nudges] ${name} was not told of ${id}`)
}

const wordsOf = (error: unknown): string => (error instanceof Error ? (error.stack ?? error.message) : String(error))

/** Every so many seeds there are several people with dexes of their own. */
const WITH_PEOPLE = 5

/** One seed: random deeds, random trouble. */
export function playSeed(template: Template, seed: number): Promise<Verdict> {
  return judge(template, `seed ${seed}`, (world) => new Script(world, seed % WITH_PEOPLE === 0).play())
}
