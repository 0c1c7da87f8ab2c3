import { entryDrafts, pictureDraft } from '@biologidex/core/exchange/import-drafts'
import type { PictureType } from '@biologidex/core/images/image'
import type { DexView, Draft, Engine, Photo } from './face.ts'
import type { OldSource, PlannedRow, Progress } from './old-data.ts'
import type { Hasher } from './ports.ts'

/** How a picture is to be shown until the server has made its own. */
export type PreviewsOf = (bytes: Uint8Array, type: PictureType) => Promise<Photo['previews']>

export interface Bringing {
  readonly engine: Engine
  readonly source: OldSource
  readonly hasher: Hasher
  readonly previewsOf: PreviewsOf
  /** Ends it between two writes: what was taken stays. */
  readonly signal: AbortSignal
  readonly onProgress: Progress
}

/** What came of an import: rows as they turned out, and what went wrong half-way, if anything did. */
export interface BroughtIn {
  readonly rows: readonly PlannedRow[]
  readonly entries: number
  readonly pictures: number
  /** Why it ended early: what the store rejected with. The same import goes on from there. */
  readonly failed?: unknown
}

/** Records and bytes of photos in one write: what is in memory, and what is lost when the program dies. */
const MOST_ROWS = 25
const MOST_BYTES = 8_000_000

interface Prepared {
  readonly row: PlannedRow
  readonly drafts: Draft[]
  readonly photos: Photo[]
}

/** Whether the plan still holds: somebody may have brought the same in meanwhile, in another tab or on another device. */
function isStillNews({ fate, entry = '' }: PlannedRow, dex: DexView): boolean {
  if (fate === 'new') return !dex.entries.has(entry) && !dex.trash.has(entry)
  const here = dex.entries.get(entry)
  return fate === 'picture' && here !== undefined && (here.images ?? []).length === 0
}

async function photoOf({ picture, entry }: PlannedRow, { source, hasher, previewsOf }: Bringing): Promise<Photo | undefined> {
  if (!picture || !entry) return undefined
  const { file, sha256, type, id } = picture
  const original = await source.read(file).catch(() => undefined)
  // The file is another one by now, or gone.
  if (!original || (await hasher.sha256(original)) !== sha256) return undefined
  return { image: id, entry, original, mediaType: type, sha256, previews: await previewsOf(original, type) }
}

async function prepared(row: PlannedRow, bringing: Bringing): Promise<Prepared | undefined> {
  const { record, entry, picture, fate } = row
  if (!record || !entry) return undefined
  const photo = await photoOf(row, bringing)
  const lost = picture !== undefined && !photo
  const told: PlannedRow = lost ? { ...row, notes: [...row.notes, 'picture_missing'] } : row
  const came = photo && picture
  if (fate === 'picture') return came ? { row: told, drafts: [pictureDraft(entry, picture)], photos: [photo] } : undefined
  return { row: told, drafts: entryDrafts(record, entry, came ? picture : undefined), photos: photo ? [photo] : [] }
}

/** The writes of an import: rows and photos, a few at a time, so that no more than these are in memory or at stake. */
class Writer {
  readonly #engine: Engine
  #waiting: Prepared[] = []
  #bytes = 0
  entries = 0
  pictures = 0

  constructor(engine: Engine) {
    this.#engine = engine
  }

  get isFull(): boolean {
    return this.#waiting.length >= MOST_ROWS || this.#bytes >= MOST_BYTES
  }

  add(one: Prepared): void {
    this.#waiting.push(one)
    for (const { original } of one.photos) this.#bytes += original.length
  }

  async write(): Promise<void> {
    const these = this.#waiting
    this.#waiting = []
    this.#bytes = 0
    await this.#engine.mutate(
      these.flatMap(({ drafts }) => drafts),
      these.flatMap(({ photos }) => photos),
    )
    this.entries += these.filter(({ row }) => row.fate === 'new').length
    this.pictures += these.filter(({ photos }) => photos.length > 0).length
  }
}

/**
 * Carries a plan out: entries and pictures join the outbox as anything that a person makes, offline too. Each record comes whole, with its
 * picture, or not at all; should it end early, the same import again takes the rest. Rejects never for what the store or a file does.
 */
export async function bringInOldData(rows: readonly PlannedRow[], bringing: Bringing): Promise<BroughtIn> {
  const { engine, signal, onProgress } = bringing
  const dex = await engine.openDex(engine.account)
  const writer = new Writer(engine)
  const turned: PlannedRow[] = []
  const todo = rows.filter(({ fate }) => fate === 'new' || fate === 'picture').length
  let done = 0
  try {
    for (const row of rows) {
      signal.throwIfAborted()
      const isTask = row.fate === 'new' || row.fate === 'picture'
      const isNews = isTask && isStillNews(row, dex)
      const ready = isNews ? await prepared(row, bringing) : undefined
      turned.push(ready?.row ?? (isTask && !isNews ? { ...row, fate: 'here', code: 'here', notes: [] } : row))
      if (ready) writer.add(ready)
      if (writer.isFull) await writer.write()
      if (isTask) onProgress((done += 1), todo)
    }
    await writer.write()
    return { rows: turned, entries: writer.entries, pictures: writer.pictures }
  } catch (failed) {
    return { rows: turned, entries: writer.entries, pictures: writer.pictures, failed }
  } finally {
    dex.close()
  }
}
