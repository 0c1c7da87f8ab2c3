import { resolve } from 'node:path'
import type { Command } from 'commander'
import { enter } from '../mirror/enter.ts'
import { EXIT } from '../mirror/exit.ts'
import { placesOf } from '../mirror/places.ts'
import { makePrivateFolder } from '../mirror/private-files.ts'
import { count, ProgressLine, plural } from '../mirror/progress.ts'
import { alone, type Mirrored, mirror } from '../mirror/run.ts'
import { signOutHere } from '../mirror/sign-out.ts'
import { untilStopped } from '../mirror/until-stopped.ts'
import { Refused } from '../refused.ts'

interface Options {
  readonly server?: string
  readonly user?: string
  readonly signOut?: true
  readonly dropUnsent?: true
}

function report(dir: string, { filled, entries, unreadable }: Mirrored): string[] {
  const { written, removed, lacking, waiting, inTheWay } = filled
  const all = plural(entries, 'entry', 'entries')
  const done = `${plural(written, 'file', 'files')} written, ${count(removed)} removed`
  return [
    written + removed === 0 ? `Nothing has changed: ${all} in ${dir}.` : `${all} in ${dir}: ${done}.`,
    ...(waiting > 0 ? [`${plural(waiting, 'picture is', 'pictures are')} on another device still and will come later.`] : []),
    ...(lacking > 0 ? [`${plural(lacking, 'picture', 'pictures')} could not be had. The next run asks again.`] : []),
    ...(unreadable > 0
      ? [
          `${plural(unreadable, 'change or picture', 'changes or pictures')} of an import cannot be sent: the key that is here now does ` +
            'not open them. They are kept, for the key that was here before.',
        ]
      : []),
    ...inTheWay.map((path) => `Left as it is, for the mirror did not write it: ${path}`),
  ]
}

async function run(dir: string | undefined, options: Options): Promise<void> {
  const places = placesOf(process.env)
  if (options.signOut) {
    console.log(await alone(places, () => signOutHere(places, options.dropUnsent === true)))
    return
  }
  if (options.dropUnsent) throw new Refused('--drop-unsent goes with --sign-out.')
  if (!dir) throw new Refused('Say which folder to fill: biologidex mirror DIR')
  const folder = resolve(dir)
  const session = await enter(places, { ...options, option: '--user' })
  const signal = untilStopped('Stopped. The next run goes on from here.')
  const mirrored = await alone(places, async () => {
    await makePrivateFolder(folder)
    return mirror(places, session, folder, new ProgressLine(), signal)
  })
  for (const line of report(folder, mirrored)) console.log(line)
  if (mirrored.filled.lacking + mirrored.filled.inTheWay.length + mirrored.unreadable > 0) process.exitCode = EXIT.incomplete
}

/** `biologidex mirror DIR`: one's dex as plain files, kept up to date (docs/mirror.md). */
export function addMirror(program: Command): void {
  program
    .command('mirror [dir]')
    .description('keep your dex as plain files in a folder: JSON and your original pictures')
    .option('--server <url>', 'where your dex is, the first time')
    .option('--user <name>', 'who you are there, the first time')
    .option('--sign-out', 'end the session and wipe what this machine keeps for it; the folder stays')
    .option('--drop-unsent', 'with --sign-out: also where something has not reached the server, which is lost')
    .addHelpText('after', '\nThe password is asked for at the terminal, or read from standard input. docs/mirror.md says more.')
    .action(run)
}
