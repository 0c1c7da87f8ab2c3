import { cryptoRandom } from '@biologidex/client/adapters/system'
import type { Draft, Engine } from '@biologidex/client/face'
import { StorageFull } from '@biologidex/client/ports'
import { AppError } from '@biologidex/core/errors'
import { readerLanguage, t } from '../../app/i18n.tsx'
import type { Shot } from '../images/use-shot.ts'
import { type Capture, captureDrafts, deleteDraft, restoreDraft, type Saying } from './drafts.ts'

const random = cryptoRandom()

/** A statement made now by the person of this dex. */
export const sayingNow = (by: string | undefined): Saying => ({
  id: random.uuid(),
  at: Date.now(),
  by: by ?? '',
  language: readerLanguage(),
})

type CaptureForm = Omit<Capture, 'entry' | 'image' | 'photo' | 'previews'>

/** Keeps a capture, atomically and on this device; returns the id of its entry. Rejects when the device could not store it. */
export async function keepCapture(engine: Engine, shot: Shot, form: CaptureForm, by: string | undefined): Promise<string> {
  const entry = random.uuid()
  const { previews } = await shot.rendered
  const capture: Capture = { ...form, entry, image: random.uuid(), photo: shot.read, previews }
  const { drafts, photos } = captureDrafts(capture, sayingNow(by))
  await engine.mutate(drafts, photos)
  return entry
}

/** Carries out changes of entries; none is no change. Rejects when the device could not store them. */
export async function change(engine: Engine, drafts: readonly (Draft | undefined)[]): Promise<void> {
  const made = drafts.filter((draft) => draft !== undefined)
  if (made.length > 0) await engine.mutate(made)
}

export const deleteEntry = (engine: Engine, id: string): Promise<void> => engine.mutate([deleteDraft(id)])
export const restoreEntry = (engine: Engine, id: string): Promise<void> => engine.mutate([restoreDraft(id)])

/** Why something could not be stored on this device, in words. */
export function storeFailure(error: unknown, otherwise: 'capture.failed' | 'entry.failed'): string {
  if (error instanceof StorageFull) return t('capture.failed.full')
  return error instanceof AppError ? error.message : t(otherwise)
}
