import { existsSync } from 'node:fs'
import { fileLock } from '@biologidex/client/adapters/file-lock'
import { nodePorts } from '@biologidex/client/adapters/node'
import { createEngine } from '@biologidex/client/engine'
import type { DexView, Engine } from '@biologidex/client/face'
import { NetworkFailure, type Ports, SealBroken } from '@biologidex/client/ports'
import { AppError } from '@biologidex/core/errors'
import { Refused } from '../refused.ts'
import { EXIT } from './exit.ts'
import { type Filled, fill, LineBroken } from './fill.ts'
import type { Places } from './places.ts'
import type { ProgressLine } from './progress.ts'
import { keepSession, type Session } from './session.ts'
import { Tree } from './tree.ts'
import { orStopped } from './until-stopped.ts'
import { ownerOf, wanted } from './wanted.ts'

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

/** What is to be done when the store is here and its key is not. */
function withoutKey({ key }: Places, what: string): Refused {
  return new Refused(
    `${key} ${what}, and only that key opens what this machine keeps of your dex. Nothing was changed.
` +
      'If you have a copy of that file, put it back and run this again. Else begin anew: biologidex mirror --sign-out --drop-unsent, and ' +
      'sign in again. Your dex is fetched anew then and your folder stays; what an import had not sent yet is lost with the key.',
  )
}

/**
 * This machine's store, and its way to the server.
 * @throws Refused when the store is here without its key: a new one would open nothing of it
 */
export function openPorts(places: Places, { account, server, token = '' }: Session): Ports {
  if (existsSync(places.store) && !existsSync(places.key)) throw withoutKey(places, 'is gone')
  try {
    return nodePorts({ account, dir: places.store, baseUrl: server, token, keyFile: places.key })
  } catch (error) {
    throw error instanceof SealBroken ? withoutKey(places, 'holds no key') : error
  }
}

/** The engine of this machine's store; not started. @throws Refused as `openPorts` */
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

/** How often what did not open is fetched again, before somebody has to look. */
const MOST_FETCHES = 3

/**
 * The own dex, whole: what does not open in the store is fetched again. By a part of a dex nothing is judged to be missing from it.
 * @throws Refused
 */
export async function openWhole(engine: Engine, syncing: Syncing, signal: AbortSignal): Promise<DexView> {
  for (let fetched = 0; ; fetched += 1) {
    const view = await engine.openDex(engine.account)
    if (view.complete) return view
    view.close()
    if (fetched === MOST_FETCHES) {
      const { places, unchanged } = syncing
      throw new Refused(`Your dex could not be read whole from ${places.store}. ${unchanged}; is that disk full or damaged?`)
    }
    await orStopped(sync(engine, syncing), signal)
  }
}

async function fillFrom(engine: Engine, syncing: Syncing, tree: Tree, signal: AbortSignal) {
  const { session, progress } = syncing
  const { account, username, server } = session
  const view = await openWhole(engine, syncing, signal)
  const animal = (id: string) => view.animal(id)
  const what = wanted({ account, username, entries: view.entries.values(), outings: view.outings, animal })
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
    return { filled, entries: what.entries.length, unreadable: engine.status.unreadable ?? 0 }
  } catch (error) {
    if (!(error instanceof LineBroken)) throw error
    const words = `The line to ${server} broke after ${at} of ${what.entries.length} entries. The next run goes on from there.`
    throw new Refused(words, error, EXIT.network)
  } finally {
    progress.end()
  }
}

/** Nobody's dex is taken out of its folder to make room for another's. @throws Refused when the folder holds another account's */
async function checkWhose(tree: Tree, { account }: Session): Promise<void> {
  const owner = await ownerOf(tree)
  if (!owner || owner.account === account) return
  throw new Refused(`${tree.dir} holds the dex of ${owner.username}, another account. Choose another folder.`)
}

/** What a run did, and how many entries there are. */
export interface Mirrored {
  readonly filled: Filled
  readonly entries: number
  /** Changes and pictures that wait here to be sent and that the key does not open. */
  readonly unreadable: number
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
  await checkWhose(tree, session)
  const engine = openEngine(places, session)
  try {
    await engine.start()
    const syncing = { places, session, progress, unchanged: 'What is in the folder is as it was' }
    await orStopped(sync(engine, syncing), signal)
    return await fillFrom(engine, syncing, tree, signal)
  } finally {
    await engine.stop()
  }
}
