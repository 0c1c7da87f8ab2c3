import { cryptoRandom } from '@biologidex/client/adapters/system'
import type { Draft, Engine, Photo } from '@biologidex/client/face'
import { readerLanguage } from '../../app/i18n.tsx'
import { announcePicture, type PictureChange } from '../images/picture-edits.ts'
import type { Shot } from '../images/shots-state.ts'
import { type Capture, captureDrafts, deleteDraft, restoreDraft, type Saying } from './drafts.ts'
import { type OutingChoice, outingDrafts } from './outings.ts'

const random = cryptoRandom()

/** An id for something that is made now. */
export const newId = (): string => random.uuid()

/** A statement made now by the person of this dex. */
export const sayingNow = (by: string | undefined): Saying => ({
  id: random.uuid(),
  at: Date.now(),
  by: by ?? '',
  language: readerLanguage(),
})

/** What a person says of a photo that they keep. */
export interface CaptureForm extends Omit<Capture, 'entry' | 'image' | 'photo' | 'previews'> {
  readonly count: number | null
  readonly captive: boolean
  readonly outing: OutingChoice
}

/** What a capture says besides: nothing that is not said. */
function more({ count, captive }: CaptureForm, outing: string | null): NonNullable<Draft['set']> {
  return {
    ...(count === null ? {} : { count: { to: count } }),
    ...(captive ? { captive: { to: true } } : {}),
    ...(outing === null ? {} : { outing: { to: outing } }),
  }
}

/** Pictures that go with the first one, in their order. */
async function others(entry: string, shots: readonly Shot[]): Promise<PictureChange> {
  const drafts: Draft[] = []
  const photos: Photo[] = []
  for (const [i, { read, rendered }] of shots.entries()) {
    const { previews } = await rendered
    const made = announcePicture(entry, { image: random.uuid(), photo: read, previews }, i + 1)
    drafts.push(...made.drafts)
    photos.push(...made.photos)
  }
  return { drafts, photos }
}

/** A capture as it is kept: the first shot stands for the entry, the others go with it. */
export interface Kept {
  readonly entry: string
  readonly shots: readonly [Shot, ...Shot[]]
  readonly form: CaptureForm
}

/** Keeps a capture under the id `entry`, atomically and on this device. Rejects when the device could not store it. */
export async function keepCapture(
  engine: Engine,
  { entry, shots: [shot, ...rest], form }: Kept,
  by: string | undefined,
): Promise<void> {
  const { previews } = await shot.rendered
  const capture: Capture = { ...form, entry, image: random.uuid(), photo: shot.read, previews }
  const { drafts, photos } = captureDrafts(capture, sayingNow(by))
  const { before, outing } = outingDrafts(form.outing, newId())
  const whole = drafts.map((draft) => (draft.id === entry ? { ...draft, set: { ...draft.set, ...more(form, outing) } } : draft))
  const also = await others(entry, rest)
  await engine.mutate([...before, ...whole, ...also.drafts], [...photos, ...also.photos])
}

/** Carries out changes of entries; none is no change. Rejects when the device could not store them. */
export async function change(engine: Engine, drafts: readonly (Draft | undefined)[]): Promise<void> {
  const made = drafts.filter((draft) => draft !== undefined)
  if (made.length > 0) await engine.mutate(made)
}

export const deleteEntry = (engine: Engine, id: string): Promise<void> => engine.mutate([deleteDraft(id)])
export const restoreEntry = (engine: Engine, id: string): Promise<void> => engine.mutate([restoreDraft(id)])
