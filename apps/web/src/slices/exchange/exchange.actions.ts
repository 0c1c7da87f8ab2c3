import type { Engine } from '@biologidex/client/face'
import { StorageFull } from '@biologidex/client/ports'
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

/** Saves what only this device has as a file of the person's (C1); returns its name. */
export async function saveUnsent(engine: Engine, username: string, now = Date.now()): Promise<string> {
  const { zipWork } = await loadZip()
  const name = `biologidex-unsent-${username}-${new Date(now).toISOString().slice(0, 10)}.zip`
  const original = (image: string) => engine.original(image)
  const blob = await zipWork({
    account: engine.account,
    username,
    now,
    work: engine.unsent(),
    original,
    readme: t('exchange.readme', { username }),
  })
  download(blob, name)
  return name
}

/** What came of bringing a file in: how much of it was new, or why nothing was taken, in words. */
export type BroughtIn =
  | { readonly kind: 'taken'; readonly changes: number; readonly pictures: number }
  | { readonly kind: 'refused'; readonly why: string }

/** Takes saved work in again. A file that is not what it should be changes nothing. */
export async function bringInFile(engine: Engine, file: Blob): Promise<BroughtIn> {
  const { readWork, NotSavedWork } = await loadZip()
  try {
    const { work, photo } = readWork(new Uint8Array(await file.arrayBuffer()))
    if (work.account !== engine.account) return { kind: 'refused', why: t('exchange.other', { username: work.username }) }
    return { kind: 'taken', ...(await engine.bringIn(work, async ({ image }) => photo(image))) }
  } catch (error) {
    if (error instanceof NotSavedWork) return { kind: 'refused', why: t('exchange.notWork') }
    if (error instanceof StorageFull) return { kind: 'refused', why: t('capture.failed.full') }
    console.error('Saved work could not be brought in.', error)
    return { kind: 'refused', why: t('exchange.failed') }
  }
}
