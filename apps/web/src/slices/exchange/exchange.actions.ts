import type { Draft, Engine, Photo, Unsent } from '@biologidex/client/face'
import { StorageFull } from '@biologidex/client/ports'
import type { SoundWork } from '@biologidex/core/exchange/saved-work'
import { t } from '../../app/i18n.tsx'

/** Reading and writing zips is loaded when it is wanted: few ever do. */
const loadZip = () => import('./work-zip.ts')

function download(blob: Blob, name: string): void {
  const link = document.createElement('a')
  link.href = URL.createObjectURL(blob)
  link.download = name
  link.click()
  // The browser reads it after the click, at its leisure.
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000)
}

/** A file that was handed out. `lacking`: photos that could not be opened, and are not in it. */
export interface SavedFile {
  readonly kind: 'saved'
  readonly file: string
  readonly lacking: number
}
/** What came of saving: the file, or why there is none, in words. */
export type Saved = SavedFile | { readonly kind: 'refused'; readonly why: string }

/** What is not in the outbox, in the form in which it would be. */
export interface Also {
  readonly drafts: readonly Draft[]
  readonly photos: readonly Photo[]
}

/** The outbox with what comes after it. */
function withAlso({ changes, pictures }: Unsent, { drafts, photos }: Also): Unsent {
  const next = Math.max(0, ...changes.map(({ n }) => n)) + 1
  const more = photos.map(({ image, entry, sha256, original, mediaType }) => ({
    ...{ image, entry, sha256, mediaType },
    size: original.length,
  }))
  return { changes: [...changes, ...drafts.map((draft, i) => ({ ...draft, n: next + i }))], pictures: [...pictures, ...more] }
}

/**
 * Saves what only this device has as a file of the person's (C1).
 * @param read what is not in the outbox
 */
export async function saveUnsent(
  engine: Engine,
  username: string,
  read: () => Promise<Also>,
  now = Date.now(),
): Promise<Saved> {
  const { zipWork, TooMuchWork } = await loadZip()
  const file = `biologidex-unsent-${username}-${new Date(now).toISOString().slice(0, 10)}.zip`
  const { account } = engine
  try {
    const also = await read()
    const begun = new Map(also.photos.map((photo) => [photo.image, photo.original]))
    const original = async (image: string) => begun.get(image) ?? engine.original(image)
    const readme = t('exchange.readme', { username })
    const zipped = await zipWork({ account, username, now, work: withAlso(engine.unsent(), also), original, readme })
    download(zipped.file, file)
    return { kind: 'saved', file, lacking: zipped.lacking }
  } catch (error) {
    if (error instanceof TooMuchWork) return { kind: 'refused', why: t('exchange.tooMuch') }
    console.error('Unsent work could not be saved.', error)
    return { kind: 'refused', why: t('exchange.notSaved') }
  }
}

/** How much of a file was not taken: made by a later version, beyond what a dex takes, or photos that are not in it. */
export type LeftOut = SoundWork['left']

/** What came of bringing a file in: how much of it was new and how much was left out, or why nothing was taken, in words. */
export type BroughtIn =
  | { readonly kind: 'taken'; readonly changes: number; readonly pictures: number; readonly left: LeftOut }
  | { readonly kind: 'refused'; readonly why: string }

/** Takes saved work in again. A file that is not what it should be changes nothing. */
export async function bringInFile(engine: Engine, file: Blob): Promise<BroughtIn> {
  const { readWork, NotSavedWork } = await loadZip()
  try {
    const { work, photo } = await readWork(file)
    if (work.account !== engine.account) return { kind: 'refused', why: t('exchange.other', { username: work.username }) }
    const { changes, pictures, lacking } = await engine.bringIn(work, ({ image }) => photo(image))
    return { kind: 'taken', changes, pictures, left: { ...work.left, pictures: work.left.pictures + lacking } }
  } catch (error) {
    if (error instanceof NotSavedWork) return { kind: 'refused', why: t('exchange.notWork') }
    if (error instanceof StorageFull) return { kind: 'refused', why: t('capture.failed.full') }
    console.error('Saved work could not be brought in.', error)
    return { kind: 'refused', why: t('exchange.failed') }
  }
}
