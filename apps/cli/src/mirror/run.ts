import { fileLock } from '@biologidex/client/adapters/file-lock'
import { nodePorts } from '@biologidex/client/adapters/node'
import { createEngine } from '@biologidex/client/engine'
import type { Engine } from '@biologidex/client/face'
import { NetworkFailure, type Ports } from '@biologidex/client/ports'
import { AppError } from '@biologidex/core/errors'
import { Refused } from '../refused.ts'
import { EXIT } from './exit.ts'
import { type Filled, fill, LineBroken } from './fill.ts'
import type { Places } from './places.ts'
import type { ProgressLine } from './progress.ts'
import { keepSession, type Session } from './session.ts'
import { Tree } from './tree.ts'
import { orStopped } from './until-stopped.ts'
import { wanted } from './wanted.ts'

/** How long it is waited for another run to end, in milliseconds. */
const LOCK_WAIT = 1_000

/** Runs alone on this machine. @throws Refused when another mirror or import runs */
export async function alone<T>({ lock }: Places, work: () => Promise<T>): Promise<T> {
  let result: { readonly is: T } | undefined
  const lead = async () => {
    result = { is: await work() }
  }
  await fileLock(lock).lead(lead, AbortSignal.timeout(LOCK_WAIT))
  if (!result) throw new Refused('Another mirror or import is running. Wait for it, or stop it.')
  return result.is
}

export interface Syncing {
  readonly places: Places
  readonly session: Session
  readonly progress: ProgressLine
  /** What is as it was, should the server not be reached. */
  readonly unchanged: string
}

/** This machine's store, and its way to the server. */
export const openPorts = (places: Places, { account, server, token = '' }: Session): Ports =>
  nodePorts({ account, dir: places.store, baseUrl: server, token, keyFile: places.key })

/** The engine of this machine's store; not started. */
export const openEngine = (places: Places, session: Session): Engine =>
  createEngine(openPorts(places, session), session.account)

/** What a failed sync means to who typed the command. @param unchanged what is as it was, when the server cannot be reached */
async function explained(error: unknown, places: Places, session: Session, unchanged: string): Promise<unknown> {
  if (error instanceof NetworkFailure) {
    const words = `${session.server} cannot be reached. ${unchanged}; run this again when the network is back.`
    return new Refused(words, error, EXIT.network)
  }
  if (!(error instanceof AppError)) return error
  if (error.code !== 'not_signed_in') return new Refused(error.message, error, EXIT.network)
  const { token: _, ...ended } = session
  await keepSession(places.session, ended)
  const words = `Your session at ${session.server} has ended. Run this again and sign in as ${session.username}.`
  return new Refused(words, error, EXIT.signIn)
}

/** Syncs once, and waits for pictures too. @throws Refused in plain words */
export async function sync(engine: Engine, { places, session, progress, unchanged }: Syncing): Promise<void> {
  const unlisten = engine.onEvent((event) => {
    if (event.kind === 'progress') progress.show('Fetching', event.current, event.total)
  })
  try {
    await engine.syncNow()
  } catch (error) {
    throw await explained(error, places, session, unchanged)
  } finally {
    unlisten()
    progress.end()
  }
}

async function fillFrom(engine: Engine, session: Session, tree: Tree, progress: ProgressLine, signal: AbortSignal) {
  const { account, username, server } = session
  const view = await engine.openDex(account)
  const animal = (id: string) => view.animal(id)
  const what = wanted({ account, username, entries: view.entries.values(), animal })
  view.close()
  let at = 0
  try {
    const filled = await fill(what, {
      tree,
      signal,
      fetch: ({ entry, image, sha256 }) => engine.picture({ dex: account, entry, image, sha256, rendition: 'original' }),
      isServerThere: () =>
        engine.syncNow().then(
          () => true,
          () => false,
        ),
      onProgress: (current, total) => {
        at = current
        progress.show('Entries', current, total)
      },
    })
    return { filled, entries: what.entries.length }
  } catch (error) {
    if (!(error instanceof LineBroken)) throw error
    const words = `The line to ${server} broke after ${at} of ${what.entries.length} entries. The next run goes on from there.`
    throw new Refused(words, error, EXIT.network)
  } finally {
    progress.end()
  }
}

/** What a run did, and how many entries there are. */
export interface Mirrored {
  readonly filled: Filled
  readonly entries: number
}

/**
 * Brings a folder to what the dex is now: syncs by the engine, then writes what differs.
 * @throws Refused in plain words; the signal's reason when it was ended
 */
export async function mirror(
  places: Places,
  session: Session,
  dir: string,
  progress: ProgressLine,
  signal: AbortSignal,
): Promise<Mirrored> {
  const tree = await Tree.open(dir)
  const engine = openEngine(places, session)
  try {
    await engine.start()
    const unchanged = 'What is in the folder is as it was'
    await orStopped(sync(engine, { places, session, progress, unchanged }), signal)
    return await fillFrom(engine, session, tree, progress, signal)
  } finally {
    await engine.stop()
  }
}
