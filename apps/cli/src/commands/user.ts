import { AppError } from '@biologidex/core/errors'
import type { Host, HostLink } from '@biologidex/server/host'
import { type Command, Option } from 'commander'
import { inDatabase } from '../in-database.ts'
import { Refused } from '../refused.ts'

const day = (at: number): string => new Date(at).toISOString().slice(0, 10)
const minute = (at: number): string => `${new Date(at).toISOString().slice(0, 16).replace('T', ' ')} UTC`

/** What went wrong with `name`, in words for the host. */
function toRefused(error: unknown, name: string): unknown {
  if (!(error instanceof AppError)) return error
  if (error.code === 'not_found') return new Refused(`Nobody here is called ${name}. \`biologidex user list\` names everyone.`)
  if (error.code === 'invalid_input')
    return new Refused(`${name} cannot be a user name: 3 to 30 letters, digits, dots, dashes and underscores.`)
  return new Refused(error.message, error)
}

/** Does something for `name` in the server's database, and prints what it says. */
async function told(name: string, work: (host: Host) => Promise<string[]>): Promise<void> {
  const lines = await inDatabase(work).catch((error: unknown) => {
    throw toRefused(error, name)
  })
  for (const line of lines) console.log(line)
}

const linkLines = (link: HostLink, purpose: string): string[] => [
  `Give this link to ${link.username}: it ${purpose}, once, until ${minute(link.expires)}.`,
  link.url,
]

async function list(host: Host): Promise<string[]> {
  const accounts = await host.accounts()
  if (accounts.length === 0) return ['Nobody has an account here yet.']
  const width = Math.max(0, ...accounts.map(({ username }) => username.length))
  return accounts.map(({ username, role, created, displayName }) => {
    return [username.padEnd(width), role.padEnd('managed'.length), `since ${day(created)}`, displayName].join('  ')
  })
}

/** `biologidex user …`: accounts of this server, straight in its database, whether it runs or not. */
export function addUser(program: Command): void {
  const user = program
    .command('user')
    .description('list, add and let in again the people of this server')
    .addHelpText('after', '\nThe server is the one whose data lie in DATA_DIR (./data without it) or at DATABASE_URL.')

  user
    .command('list')
    .description('name everyone')
    .action(() => told('', list))

  user
    .command('add <name>')
    .description('make an account; prints a link with which its person chooses a password')
    .option('--admin', 'an account that may let others in again')
    .addOption(
      new Option(
        '--guardian <who>',
        'an account for a child: shown to friends at most, each approved by this person',
      ).conflicts('admin'),
    )
    .action((name: string, { admin, guardian }: { admin?: true; guardian?: string }) =>
      told(name, async (host) => {
        const link = await host.add(name, admin ? 'admin' : undefined, guardian).catch((error: unknown) => {
          throw error instanceof AppError && error.code === 'missing_target'
            ? toRefused(new AppError('not_found'), guardian ?? '')
            : error
        })
        return linkLines(link, 'lets them choose a password')
      }),
    )

  user
    .command('reset <name>')
    .description('let somebody in again who forgot the password; prints a link that works once, for 24 hours')
    .action((name: string) => told(name, async (host) => linkLines(await host.resetLink(name), 'lets them set a new password')))
}
