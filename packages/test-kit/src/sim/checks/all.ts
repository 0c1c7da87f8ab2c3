import type { Household } from '../household.ts'
import { readFacts } from '../sight.ts'
import type { World } from '../world.ts'
import { checkAnimals } from './animals.ts'
import { checkSetAside, setAside } from './aside.ts'
import { checkChanges } from './changes.ts'
import { checkCatalogue, checkFeeds } from './feeds.ts'
import { checkFiles, readBlobs } from './files.ts'
import { checkHistory } from './history.ts'
import { checkLives } from './lives.ts'
import { checkPictures } from './pictures.ts'
import { type Rows, readRows } from './rows.ts'
import { checkScreens } from './screens.ts'
import { checkHeld, checkOnce, checkSaid, checkShown } from './sight.ts'

type Found = Readonly<Record<string, Iterable<string>>>

const told = (found: Found): string[] =>
  Object.entries(found).flatMap(([check, complaints]) => Array.from(complaints, (text) => `[${check}] ${text}`))

/** What must hold of one account: that nothing of another's is there is part of it. */
function checkHousehold({ witness }: World, household: Household, rows: Rows, blobs: ReadonlyMap<string, Buffer>): string[] {
  const { devices, ledger } = household
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
  })
}

/** What must hold between accounts: everybody has what they may see, as they may see it, and nothing else. */
async function checkBetween(world: World): Promise<string[]> {
  const { server, households } = world
  const facts = await readFacts(server.ctx.db)
  const complaints = await checkSaid(server.ctx.db, facts)
  for (const { account, devices, deletion } of households) {
    if (deletion === 'done' && facts.accounts.has(account)) complaints.push(`the account ${account} was deleted, and is there`)
    for (const device of deletion === 'done' ? [] : devices) {
      const shown = await world.finish(`looking at ${device.name}`, checkShown(device, account, facts))
      complaints.push(...checkHeld(device, account, facts), ...checkOnce(device, account, facts), ...shown)
    }
  }
  return complaints
}

/** Everything that must hold once all has come to rest; answers what does not, by the name of the check. */
export async function checkAll(world: World): Promise<string[]> {
  const { households, server, witness, folder } = world
  await witness.look(server.ctx.db)
  const blobs = await readBlobs(folder)
  const lost = households.reduce((sum, { ledger }) => sum + ledger.lostPhotos.size, 0)
  const there = households.filter(({ deletion }) => deletion !== 'done')
  const rows: Rows[] = []
  for (const { account } of there) rows.push(await readRows(server.ctx.db, account))
  const [home] = rows
  return [
    ...there.flatMap((household, at) => (rows[at] ? checkHousehold(world, household, rows[at], blobs) : [])),
    ...told({
      catalogue: home ? checkCatalogue(home, witness, rows) : [],
      sight: await checkBetween(world),
      pictures: await checkFiles(folder, blobs, server.ctx.db, lost),
      'on the way': world.faults,
      'the server’s log': server.errors,
    }),
  ]
}
