import type { Household } from '../household.ts'
import type { World } from '../world.ts'
import { checkAnimals } from './animals.ts'
import { checkSetAside, setAside } from './aside.ts'
import { checkChanges } from './changes.ts'
import { checkCatalogue, checkFeeds } from './feeds.ts'
import { checkFiles, readBlobs } from './files.ts'
import { checkHistory } from './history.ts'
import { checkLives } from './lives.ts'
import { checkPictures } from './pictures.ts'
import { readRows } from './rows.ts'
import { checkScreens } from './screens.ts'

type Found = Readonly<Record<string, Iterable<string>>>

const told = (found: Found): string[] =>
  Object.entries(found).flatMap(([check, complaints]) => Array.from(complaints, (text) => `[${check}] ${text}`))

/** What must hold of one account: that nothing of another's is there is part of it. */
async function checkHousehold(household: Household, world: World, blobs: ReadonlyMap<string, Buffer>): Promise<string[]> {
  const { server, witness } = world
  const { account, devices, ledger } = household
  const rows = await readRows(server.ctx.db, account)
  const aside = setAside(devices, ledger)
  return told({
    screens: checkScreens(devices, rows),
    'set aside': checkSetAside(devices, ledger),
    changes: checkChanges(rows, ledger, aside),
    lives: checkLives(rows, ledger, aside),
    history: checkHistory(rows),
    pictures: checkPictures(rows, blobs, household, aside),
    animals: checkAnimals(rows),
    feeds: checkFeeds(rows, witness),
    // The guest names no animals.
    catalogue: household === world.home ? checkCatalogue(rows, witness) : [],
  })
}

/** Everything that must hold once all has come to rest; answers what does not, by the name of the check. */
export async function checkAll(world: World): Promise<string[]> {
  const { home, guest, server, witness, folder } = world
  await witness.look(server.ctx.db)
  const blobs = await readBlobs(folder)
  const lost = home.ledger.lostPhotos.size + guest.ledger.lostPhotos.size
  return [
    ...(await checkHousehold(home, world, blobs)),
    ...(await checkHousehold(guest, world, blobs)),
    ...told({
      pictures: await checkFiles(folder, blobs, server.ctx.db, lost),
      'on the way': world.faults,
      'the server’s log': server.errors,
    }),
  ]
}
