import type { World } from '../world.ts'
import { checkAnimals } from './animals.ts'
import { checkSetAside, setAside } from './aside.ts'
import { checkChanges } from './changes.ts'
import { checkFeeds } from './feeds.ts'
import { checkHistory } from './history.ts'
import { checkLives } from './lives.ts'
import { checkPictures } from './pictures.ts'
import { readRows } from './rows.ts'
import { checkScreens } from './screens.ts'

/** Everything that must hold once all has come to rest; answers what does not, by the name of the check. */
export async function checkAll(world: World): Promise<string[]> {
  const { devices, ledger, server, witness } = world
  await witness.look(server.ctx.db)
  const rows = await readRows(server.ctx.db)
  const aside = setAside(devices, ledger)
  const found: Record<string, Iterable<string>> = {
    screens: checkScreens(devices, rows),
    'set aside': checkSetAside(devices, ledger),
    changes: checkChanges(rows, ledger, aside),
    lives: checkLives(rows, ledger, aside),
    history: checkHistory(rows),
    pictures: await checkPictures(world.folder, rows, ledger, devices, aside),
    animals: checkAnimals(rows),
    feeds: checkFeeds(rows, witness),
    'on the way': world.faults,
    'the server’s log': server.errors,
  }
  return Object.entries(found).flatMap(([check, complaints]) => Array.from(complaints, (text) => `[${check}] ${text}`))
}
