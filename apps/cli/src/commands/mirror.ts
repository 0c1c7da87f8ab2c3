import { resolve } from 'node:path'
import type { Command } from 'commander'
import { askFor, askPassword } from '../mirror/ask.ts'
import { EXIT } from '../mirror/exit.ts'
import { type Places, placesOf } from '../mirror/places.ts'
import { makePrivateFolder } from '../mirror/private-files.ts'
import { count, ProgressLine } from '../mirror/progress.ts'
import { alone, type Mirrored, mirror } from '../mirror/run.ts'
import { keepSession, readSession, type Session, serverAddress, signIn } from '../mirror/session.ts'
import { signOutHere } from '../mirror/sign-out.ts'
import { Refused } from '../refused.ts'

interface Options {
  readonly server?: string
  readonly user?: string
  readonly signOut?: true
}

/** What was typed must mean the one who is signed in: a folder is never filled with somebody else's dex by mistake. */
function checkSame(session: Session, { server, user }: Options): void {
  const other = server !== undefined && serverAddress(server) !== session.server
  if (!other && (user === undefined || user.toLowerCase() === session.username.toLowerCase())) return
  const words = `You are signed in as ${session.username} at ${session.server}. Sign out first: biologidex mirror --sign-out`
  throw new Refused(words, undefined, EXIT.signIn)
}

async function enter(places: Places, options: Options): Promise<Session> {
  const known = await readSession(places.session)
  if (known) checkSame(known, options)
  if (known?.token) return known
  const server = known?.server ?? serverAddress(options.server ?? (await askFor('Address of the server', '--server')))
  const user = known?.username ?? options.user ?? (await askFor('User name', '--user'))
  const session = await signIn(server, user, await askPassword(user))
  if (known && known.account !== session.account) {
    throw new Refused(
      `${user} at ${server} is another account now. Sign out first: biologidex mirror --sign-out`,
      undefined,
      EXIT.signIn,
    )
  }
  await keepSession(places.session, session)
  return session
}

const plural = (n: number, one: string, many: string): string => `${count(n)} ${n === 1 ? one : many}`

function report(dir: string, { filled, entries }: Mirrored): string[] {
  const { written, removed, lacking, waiting, inTheWay } = filled
  const all = plural(entries, 'entry', 'entries')
  const done = `${plural(written, 'file', 'files')} written, ${count(removed)} removed`
  return [
    written + removed === 0 ? `Nothing has changed: ${all} in ${dir}.` : `${all} in ${dir}: ${done}.`,
    ...(waiting > 0 ? [`${plural(waiting, 'picture is', 'pictures are')} on another device still and will come later.`] : []),
    ...(lacking > 0 ? [`${plural(lacking, 'picture', 'pictures')} could not be had. The next run asks again.`] : []),
    ...inTheWay.map((path) => `Left as it is, for the mirror did not write it: ${path}`),
  ]
}

/** Ctrl-C ends the work between two files; a second one ends the program. */
function untilStopped(): AbortSignal {
  const ending = new AbortController()
  const stop = () => {
    if (ending.signal.aborted) process.exit(EXIT.stopped)
    ending.abort(new Refused('Stopped. The next run goes on from here.', undefined, EXIT.stopped))
  }
  process.on('SIGINT', stop).on('SIGTERM', stop)
  return ending.signal
}

async function run(dir: string | undefined, options: Options): Promise<void> {
  const places = placesOf(process.env)
  if (options.signOut) {
    console.log(await alone(places, () => signOutHere(places)))
    return
  }
  if (!dir) throw new Refused('Say which folder to fill: biologidex mirror DIR')
  const folder = resolve(dir)
  const session = await enter(places, options)
  const signal = untilStopped()
  const mirrored = await alone(places, async () => {
    await makePrivateFolder(folder)
    return mirror(places, session, folder, new ProgressLine(), signal)
  })
  for (const line of report(folder, mirrored)) console.log(line)
  if (mirrored.filled.lacking + mirrored.filled.inTheWay.length > 0) process.exitCode = EXIT.incomplete
}

/** `biologidex mirror DIR`: one's dex as plain files, kept up to date (docs/mirror.md). */
export function addMirror(program: Command): void {
  program
    .command('mirror [dir]')
    .description('keep your dex as plain files in a folder: JSON and your original pictures')
    .option('--server <url>', 'where your dex is, the first time')
    .option('--user <name>', 'who you are there, the first time')
    .option('--sign-out', 'end the session and wipe what this machine keeps for it; the folder stays')
    .addHelpText('after', '\nThe password is asked for at the terminal, or read from standard input. docs/mirror.md says more.')
    .action(run)
}
