import { resolve } from 'node:path'
import type { Command } from 'commander'
import { folderSource } from '../import/folder.ts'
import { type Imported, importOldData, type Planned } from '../import/run.ts'
import { dexLines, rowLine, rowLines, seenLine } from '../import/words.ts'
import { askFor } from '../mirror/ask.ts'
import { enter } from '../mirror/enter.ts'
import { EXIT } from '../mirror/exit.ts'
import { placesOf } from '../mirror/places.ts'
import { ProgressLine, plural } from '../mirror/progress.ts'
import { alone } from '../mirror/run.ts'
import { untilStopped } from '../mirror/until-stopped.ts'
import { Refused } from '../refused.ts'

interface Options {
  readonly server?: string
  readonly account?: string
  readonly user?: string
  readonly dryRun?: true
  readonly yes?: true
}

const wouldCome = ({ rows }: Planned): number => rows.filter(({ fate }) => fate === 'new' || fate === 'picture').length

/** Shows what would happen, and asks whether it is to. @throws Refused where there is nobody to ask */
async function agree(planned: Planned, { dryRun, yes }: Options): Promise<boolean> {
  const { data, own, rows } = planned
  for (const line of [...dexLines(data, data.notices, own), ...rowLines(rows)]) console.log(line)
  const coming = wouldCome(planned)
  if (coming === 0) {
    if (rows.length === 0) throw new Refused('No records of an older client were found there.')
    console.log('There is nothing to bring in.')
    return false
  }
  if (rows.some(({ fate }) => fate === 'new')) console.log(seenLine(planned.visibility))
  if (dryRun) {
    console.log(`${plural(coming, 'record', 'records')} would be brought in. Nothing was written.`)
    return false
  }
  if (yes) return true
  if (!process.stdin.isTTY)
    throw new Refused('Nothing was written: there is no terminal to ask at. Say --yes to bring it in, --dry-run to look only.')
  const answer = await askFor(`Bring in ${plural(coming, 'record', 'records')}? (yes or no)`, '--yes')
  if (/^y(es)?$/i.test(answer.trim())) return true
  console.log('Nothing was written.')
  return false
}

function report({ brought, otherwise = [], left, refused }: Imported): void {
  const { entries = 0, pictures = 0, failed } = brought ?? {}
  if (brought) console.log(`Brought in: ${plural(entries, 'entry', 'entries')}, ${plural(pictures, 'picture', 'pictures')}.`)
  if (otherwise.length > 0) console.log(['Otherwise than planned:', ...otherwise.map(rowLine)].join('\n'))
  if (left > 0)
    console.log(
      `${plural(left, 'change or picture has', 'changes and pictures have')} not reached the server yet. Run this again to send them.`,
    )
  for (const why of refused) console.log(`The server did not take something of it: ${why}`)
  if (failed instanceof Refused) throw failed
  if (failed)
    throw new Refused(`It ended early (${(failed as Error).message}). Run this again for the rest.`, failed, EXIT.incomplete)
  if (left > 0) process.exitCode = EXIT.network
  else if (refused.length > 0) process.exitCode = EXIT.incomplete
}

async function importGodot(dir: string, options: Options): Promise<void> {
  const source = await folderSource(resolve(dir))
  const places = placesOf(process.env)
  const session = await enter(places, { server: options.server, user: options.account, option: '--account' })
  const signal = untilStopped('Stopped. What was brought in stays; run this again for the rest.')
  const run = { source, places, session, user: options.user, progress: new ProgressLine(), signal }
  report(await alone(places, () => importOldData({ ...run, agree: (planned) => agree(planned, options) })))
}

/** `biologidex import …`: what other programs kept, into one's dex (docs/import.md). */
export function addImport(program: Command): void {
  program
    .command('import')
    .description('bring what other programs kept into your dex')
    .command('godot <dir>')
    .description('the data folder of an older client: dex_database.json or dex_data, with its pictures; shows first, then asks')
    .option('--user <id>', 'whose list is yours, where several lie there: the id in its file name, or the user name in it')
    .option('--dry-run', 'only show what would be brought in')
    .option('--yes', 'bring it in without asking')
    .option('--server <url>', 'where your dex is, the first time')
    .option('--account <name>', 'who you are there, the first time')
    .addHelpText('after', '\nThe folder is only read. Again and again without duplicates. docs/import.md says more.')
    .action(importGodot)
}
