import { webHasher } from '@biologidex/client/adapters/system'
import type { Draft, Photo } from '@biologidex/client/face'
import { pictureId } from '@biologidex/core/exchange/old-identity'
import type { NewPicture } from '../images/picture-edits.ts'
import { pictureTypeOf } from '../images/read-photo.ts'
import type { CaptureDraft, Unkept } from './capture-draft.ts'
import { countOf } from './counts.ts'
import { type CaptureForm, keptChanges } from './entries.actions.ts'
import { NO_OUTING } from './outings.ts'

/** What a capture that was begun would be kept by. */
export interface BegunWork {
  readonly drafts: readonly Draft[]
  readonly photos: readonly Photo[]
}

const hasher = webHasher()
const digest = (text: string): Promise<string> => hasher.sha256(new TextEncoder().encode(text))

/** A picture under an id that its entry and its bytes alone decide: saved twice, it is brought in once. */
async function pictureOf(entry: string, file: File): Promise<NewPicture> {
  const bytes = new Uint8Array(await file.arrayBuffer())
  const photo = { bytes, type: pictureTypeOf(bytes, bytes.length), sha256: await hasher.sha256(bytes) }
  return { image: await pictureId(entry, photo.sha256, digest), photo, previews: {} }
}

/** What was said of it; whom it may be shown to is said by keeping it, which nobody has done. */
const formOf = (draft?: CaptureDraft): CaptureForm => ({
  note: '',
  privateNote: '',
  captive: false,
  outing: NO_OUTING,
  ...draft?.more,
  count: countOf(draft?.more.count ?? '') ?? null,
  choice: draft?.choice ?? { kind: 'unsure' },
  observed: draft?.when.value,
  place: draft?.where.value,
  visibility: 'private',
})

/**
 * Captures that were begun as private entries, with all that was said of them: in this form they can be saved and brought in. Photos that were
 * set apart are an entry each.
 */
export async function begunWork(account: string, all: readonly Unkept[], by: string | undefined): Promise<BegunWork> {
  const made: BegunWork[] = []
  const keep = async (entry: string, together: readonly File[], said?: CaptureDraft): Promise<void> => {
    const [first, ...rest] = await Promise.all(together.map((file) => pictureOf(entry, file)))
    if (first) made.push(keptChanges(entry, [first, ...rest], formOf(said), by))
  }
  for (const { draft, files, apart } of all) {
    const together = files.filter((file) => !apart.includes(file))
    if (draft) await keep(draft.entry, together, draft)
    for (const file of apart) {
      const sha256 = await hasher.sha256(new Uint8Array(await file.arrayBuffer()))
      await keep(await pictureId(account, sha256, digest), [file])
    }
  }
  return { drafts: made.flatMap(({ drafts }) => drafts), photos: made.flatMap(({ photos }) => photos) }
}
