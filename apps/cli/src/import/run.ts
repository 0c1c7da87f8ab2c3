import { setTimeout } from 'node:timers/promises'
import { webHasher } from '@biologidex/client/adapters/system'
import type { DexView, Engine } from '@biologidex/client/face'
import {
  type OldData,
  type OldSource,
  PictureCheck,
  type PlannedRow,
  planOldData,
  readOldData,
} from '@biologidex/client/old-data'
import { type BroughtIn, bringInOldData } from '@biologidex/client/old-data-write'
import { NetworkFailure } from '@biologidex/client/ports'
import { DEFAULT_SETTINGS } from '@biologidex/core/accounts/account'
import type { Visibility } from '@biologidex/core/entries/entry'
import { AppError } from '@biologidex/core/errors'
import { guessOwn } from '@biologidex/core/exchange/own-dexes'
import type { Places } from '../mirror/places.ts'
import type { ProgressLine } from '../mirror/progress.ts'
import { openEngine, openWhole, sync } from '../mirror/run.ts'
import type { Session } from '../mirror/session.ts'
import { orStopped } from '../mirror/until-stopped.ts'
import { Refused } from '../refused.ts'
import { plain } from './words.ts'

/** What an import is made of, and whom it asks. */
export interface Import {
  readonly source: OldSource
  readonly places: Places
  readonly session: Session
  /** The old id whose lists are one's own, where the lists do not tell. */
  readonly user?: string | undefined
  readonly progress: ProgressLine
  readonly signal: AbortSignal
  /** Shown the plan; answers whether it is to be carried out. */
  readonly agree: (planned: Planned) => Promise<boolean>
}

export interface Planned {
  readonly data: OldData
  readonly own: ReadonlySet<string>
  readonly rows: readonly PlannedRow[]
  /** Who sees new entries, by the person's own default. */
  readonly visibility: Visibility
}

/** @throws Refused when no list is of that user */
function ownOf({ dexes }: OldData, { user, session }: Import): ReadonlySet<string> {
  const guessed = guessOwn(dexes, session)
  if (user === undefined) return guessed
  const wanted = user.toLowerCase()
  const said = dexes.filter(({ path, user: id, owner }) => [id, owner?.toLowerCase(), path].includes(wanted) || path === user)
  if (said.length === 0) {
    const known = [...new Set(dexes.map(({ path, user: id, owner }) => plain(id ?? owner ?? path)))]
    throw new Refused(`No list here is of ${plain(user)}. There are: ${known.join(', ') || 'none'}.`)
  }
  // A list that names nobody is of whoever had the device.
  const nobodys = dexes.filter((dex) => dex.user === undefined && guessed.has(dex.path))
  return new Set([...said, ...nobodys].map(({ path }) => path))
}

async function planned(dex: DexView, data: OldData, own: ReadonlySet<string>, run: Import): Promise<PlannedRow[]> {
  const { source, session, signal, progress } = run
  const hasher = webHasher()
  const onProgress = (current: number, total: number) => progress.show('Reading', current, total)
  try {
    return await planOldData(data, {
      account: session.account,
      username: session.username,
      dex,
      own,
      check: new PictureCheck(source, hasher),
      hasher,
      signal,
      onProgress,
    })
  } finally {
    progress.end()
  }
}

/** What came of a run. `left`: what has not reached the server yet; `refused`: why the server did not take something, a line each. */
export interface Imported {
  readonly brought?: BroughtIn
  /** Records that turned out otherwise than they were planned. */
  readonly otherwise?: readonly PlannedRow[]
  readonly left: number
  readonly refused: readonly string[]
}

/** How often a server that is there but takes nothing is asked again, and how long after, in milliseconds. */
const MOST_TRIES = 5
const AGAIN_AFTER = 1_000

const left = ({ status: { here } }: Engine): number => here.changes + here.pictures

/**
 * Sends what was brought in. It is durable here: that the server cannot be reached is no failure of the import. Ends when all is sent, when the
 * network is not there, at Ctrl-C, and after five tries in a row that brought nothing up.
 */
async function sendAll(engine: Engine, { progress, signal }: Import): Promise<void> {
  const total = left(engine)
  const unlisten = engine.onStatus(() => progress.show('Sending', total - Math.min(total, left(engine)), total))
  try {
    for (let tries = 0; tries < MOST_TRIES && left(engine) > 0 && !signal.aborted; ) {
      const before = left(engine)
      if (tries > 0) await setTimeout(AGAIN_AFTER)
      const sent = engine.syncNow().catch((error) => {
        if (!(error instanceof AppError)) throw error
      })
      await orStopped(sent, signal)
      tries = left(engine) < before ? 1 : tries + 1
    }
  } catch (error) {
    if (!(error instanceof NetworkFailure) && error !== signal.reason) throw error
  } finally {
    unlisten()
    progress.end()
  }
}

async function carryOut(engine: Engine, rows: readonly PlannedRow[], run: Import): Promise<Imported> {
  const { source, signal, progress } = run
  const brought = await bringInOldData(rows, {
    engine,
    source,
    hasher: webHasher(),
    previewsOf: async () => ({}),
    signal,
    onProgress: (current, total) => progress.show('Bringing in', current, total),
  })
  progress.end()
  await sendAll(engine, run)
  const { mutations, uploads } = engine.setAside()
  const refused = [...mutations.map(({ setAside }) => setAside?.message), ...uploads.map(({ failed }) => failed?.message)]
  const otherwise = brought.rows.filter((row, i) => row !== rows[i])
  return { brought, otherwise, left: left(engine), refused: refused.filter((why) => why !== undefined) }
}

/**
 * Plans an import, asks, and carries it out. The dex is brought up to date first: what is here already is known by it.
 * @throws Refused in plain words; the signal's reason when it was ended
 */
export async function importOldData(run: Import): Promise<Imported> {
  const { places, session, progress } = run
  const data = await readOldData(run.source, session.account, webHasher())
  const own = ownOf(data, run)
  const engine = openEngine(places, session)
  try {
    await engine.start()
    const syncing = { places, session, progress, unchanged: 'Nothing was brought in' }
    await orStopped(sync(engine, syncing), run.signal)
    const dex = await openWhole(engine, syncing, run.signal)
    const rows = await planned(dex, data, own, run)
    const { visibility } = dex.profile?.settings ?? DEFAULT_SETTINGS
    if (!(await run.agree({ data, own, rows, visibility }))) return { left: left(engine), refused: [] }
    return await carryOut(engine, rows, run)
  } finally {
    await engine.stop()
  }
}
