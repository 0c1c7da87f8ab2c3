import { cryptoRandom } from '@biologidex/client/adapters/system'
import type { Draft, Engine } from '@biologidex/client/face'
import { readerLanguage } from '../../app/i18n.tsx'
import { announcePicture, type NewPicture, type PictureChange } from '../images/picture-edits.ts'
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

/** All that a capture is kept by: what is said, and its pictures in their order. */
export function keptChanges(
  entry: string,
  [first, ...rest]: readonly [NewPicture, ...NewPicture[]],
  form: CaptureForm,
  by: string | undefined,
): PictureChange {
  const { drafts, photos } = captureDrafts({ ...form, entry, ...first }, sayingNow(by))
  const { before, outing } = outingDrafts(form.outing, newId())
  const whole = drafts.map((draft) => (draft.id === entry ? { ...draft, set: { ...draft.set, ...more(form, outing) } } : draft))
  const also = rest.map((picture, i) => announcePicture(entry, picture, i + 1))
  return {
    drafts: [...before, ...whole, ...also.flatMap((change) => change.drafts)],
    photos: [...photos, ...also.flatMap((change) => change.photos)],
  }
}

/** A capture as it is kept: the first shot stands for the entry, the others go with it. */
export interface Kept {
  readonly entry: string
  readonly shots: readonly [Shot, ...Shot[]]
  readonly form: CaptureForm
}

const pictureOf = async ({ read, rendered }: Shot): Promise<NewPicture> => ({
  image: random.uuid(),
  photo: read,
  previews: (await rendered).previews,
})

/** Keeps a capture under the id `entry`, atomically and on this device. Rejects when the device could not store it. */
export async function keepCapture(engine: Engine, { entry, shots, form }: Kept, by: string | undefined): Promise<void> {
  const [first, ...rest] = shots
  const pictures: [NewPicture, ...NewPicture[]] = [await pictureOf(first), ...(await Promise.all(rest.map(pictureOf)))]
  const { drafts, photos } = keptChanges(entry, pictures, form, by)
  await engine.mutate(drafts, photos)
}

/** Carries out changes of entries; none is no change. Rejects when the device could not store them. */
export async function change(engine: Engine, drafts: readonly (Draft | undefined)[]): Promise<void> {
  const made = drafts.filter((draft) => draft !== undefined)
  if (made.length > 0) await engine.mutate(made)
}

export const deleteEntry = (engine: Engine, id: string): Promise<void> => engine.mutate([deleteDraft(id)])
export const restoreEntry = (engine: Engine, id: string): Promise<void> => engine.mutate([restoreDraft(id)])
