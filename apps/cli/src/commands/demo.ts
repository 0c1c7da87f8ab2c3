import { AppError } from '@biologidex/core/errors'
import { DEMO_PASSWORD, type DemoSize, makeDemo } from '@biologidex/server/host'
import { type Command, InvalidArgumentError } from 'commander'
import { settings } from '../in-database.ts'
import { writeWhole } from '../mirror/private-files.ts'
import { Refused } from '../refused.ts'

const MOST_PEOPLE = 10_000
const MOST_ENTRIES = 1_000_000

const whole = (least: number, most: number) => (text: string) => {
  const value = Number(text)
  if (!Number.isInteger(value) || value < least || value > most) throw new InvalidArgumentError(`${least} to ${most}.`)
  return value
}

interface Options {
  readonly people: number
  readonly entries: number
  readonly own?: number
  readonly fixture?: string
}

async function demo({ people, entries, own = entries, fixture }: Options): Promise<void> {
  const size: DemoSize = { people, entries, own }
  try {
    const accounts = await makeDemo(settings(), size, ({ username, entries: kept }) =>
      console.log(`${username}: ${kept} entries`),
    )
    // Tokens open accounts: the file is its maker's alone, whoever could read one that it takes the place of.
    if (fixture) await writeWhole(fixture, `${JSON.stringify({ password: DEMO_PASSWORD, accounts }, null, 2)}\n`)
    console.log(`All are friends of ${accounts[0]?.username}. Everybody’s password is: ${DEMO_PASSWORD}`)
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'username_taken') throw error
    throw new Refused(
      'There is somebody of that name already: a demo needs a server of its own. Choose another DATA_DIR.',
      error,
    )
  }
}

/** `biologidex demo`: fills a server with people, their friendships and their dexes, to look at and to measure with. */
export function addDemo(program: Command): void {
  program
    .command('demo')
    .description('fill a server with made-up people and their dexes; drawn pictures and nine photographs with their credits')
    .option('--people <count>', 'how many people, all of them friends of the first', whole(1, MOST_PEOPLE), 6)
    .option('--entries <count>', 'entries of each', whole(0, MOST_ENTRIES), 50)
    .option('--own <count>', 'entries of the first, when they are to be others', whole(0, MOST_ENTRIES))
    .option('--fixture <file>', 'write everybody’s id and a token to a file that only you can read')
    .addHelpText('after', '\nThe server is the one whose data lie in DATA_DIR (./data without it) or at DATABASE_URL.')
    .action(demo)
}
