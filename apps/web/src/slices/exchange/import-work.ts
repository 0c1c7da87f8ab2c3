import { webHasher } from '@biologidex/client/adapters/system'
import type { DexView, Engine } from '@biologidex/client/face'
import {
  type OldData,
  type OldSource,
  PictureCheck,
  type PlannedRow,
  type Progress,
  planOldData,
  readOldData,
} from '@biologidex/client/old-data'
import { type BroughtIn, bringInOldData } from '@biologidex/client/old-data-write'
import { SourceRefused } from '@biologidex/core/exchange/import-codes'
import { guessOwn } from '@biologidex/core/exchange/own-dexes'
import { makePreviews } from '../images/previews.ts'
import { type ChosenFile, sourceOf } from './chosen-files.ts'

/** The own dex as it is now, whole. */
export type OwnDex = Pick<DexView, 'account' | 'entries' | 'trash' | 'animal' | 'profile'>

/** What was chosen, read; and what would become of each record. */
export interface Look {
  readonly source: OldSource
  readonly data: OldData
  readonly check: PictureCheck
  readonly own: ReadonlySet<string>
  readonly rows: readonly PlannedRow[]
}

export interface Watch {
  readonly signal: AbortSignal
  readonly onProgress: Progress
}

const hasher = webHasher()

async function planned(look: Omit<Look, 'rows'>, dex: OwnDex, watch: Watch): Promise<Look> {
  const { data, own, check } = look
  const { account } = dex
  const username = dex.profile?.username ?? ''
  return { ...look, rows: await planOldData(data, { account, username, dex, own, check, hasher, ...watch }) }
}

/**
 * Looks through what was chosen; writes nothing.
 * @throws SourceRefused when there is nothing in it, or nothing of it can be taken; the signal's reason
 */
export async function lookInto(chosen: readonly ChosenFile[], dex: OwnDex, watch: Watch): Promise<Look> {
  const source = await sourceOf(chosen)
  const data = await readOldData(source, dex.account, hasher)
  if (data.dexes.length + data.notices.length === 0) throw new SourceRefused('nothing_found')
  const importer = { account: dex.account, username: dex.profile?.username ?? '' }
  return planned({ source, data, check: new PictureCheck(source, hasher), own: guessOwn(data.dexes, importer) }, dex, watch)
}

/** The same with other lists as one's own; or with the dex as it is by now. */
export const lookAgain = (look: Look, own: ReadonlySet<string>, dex: OwnDex, watch: Watch): Promise<Look> =>
  planned({ ...look, own }, dex, watch)

/** Carries out what was looked at. */
export function carryOut(engine: Engine, { source, rows }: Look, watch: Watch): Promise<BroughtIn> {
  return bringInOldData(rows, {
    engine,
    source,
    hasher,
    previewsOf: async (bytes, type) => (await makePreviews(bytes, type)).previews,
    ...watch,
  })
}
