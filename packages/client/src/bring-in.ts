import type { BroughtIn, Unsent, UnsentPicture } from './face.ts'
import type { Outbox } from './outbox.ts'
import type { BlobCache, Clock, Hasher, StoredUpload } from './ports.ts'
import { type MakeRoom, withRoom } from './room.ts'
import { freshChanges, hasImage, type Known, waitsForBytes } from './saved.ts'
import { openable, sealedKey } from './uploads.ts'

export interface BringInParts {
  readonly blobs: BlobCache
  readonly makeRoom: MakeRoom
  readonly hasher: Hasher
  readonly clock: Clock
  readonly outbox: Outbox
  readonly dex: Known
}

/** Everything that is only on this device (C1): set-aside changes and pictures too, and pictures in the bin, which may come back from here alone (E29). */
export function unsentOf(outbox: Pick<Outbox, 'changes' | 'uploads'>): Unsent {
  const open = outbox.changes.filter((change) => change.setAside || !change.result)
  return {
    changes: open.map(({ result: _, setAside: __, ...change }) => change),
    pictures: outbox.uploads.map(({ image, entry, sha256, size, mediaType, binned }) => ({
      ...{ image, entry, sha256, size, mediaType },
      ...(binned === undefined ? {} : { binned: true as const }),
    })),
  }
}

/** What is in the bin waits there from now on; should it be shown again by then, it goes up. */
const uploadFrom = ({ binned, ...upload }: UnsentPicture, clock: Clock): StoredUpload =>
  binned ? { ...upload, binned: clock.now() } : upload

/** One whose bytes are whole again is tried from its beginning; what is in the bin stays there. */
const whole = ({ failed: _, url: __, ...upload }: StoredUpload): StoredUpload => upload

/**
 * Takes in what was saved from an outbox (C1): what is on the server or waits here already is left out, the rest joins the outbox under
 * new numbers, in its order. Pictures' bytes are checked, and durable before what refers to them (E2); those that wait here but are
 * gone or damaged are replaced.
 * @param load the bytes of a picture; undefined when they are not among what was saved
 * @returns how many changes and pictures were new, and how many pictures are still to be had
 */
export async function bringIn(
  { blobs, makeRoom, hasher, clock, outbox, dex }: BringInParts,
  { changes, pictures }: Unsent,
  load: (picture: UnsentPicture) => Promise<Uint8Array | undefined>,
): Promise<BroughtIn> {
  const fresh = freshChanges(changes, dex, outbox.changes)
  // Those that wait here without their bytes too: another file may bring them.
  const open = outbox.changes.filter(({ result }) => !result)
  const made = new Set([...fresh, ...open].filter(({ type, op }) => type === 'image' && op === 'create').map(({ id }) => id))
  const uploading = new Map(outbox.uploads.map((upload) => [upload.image, upload]))
  const isWanted = ({ image, binned }: UnsentPicture) =>
    made.has(image) || waitsForBytes(dex, image) || (binned && !hasImage(dex, image))
  const isLacking = async ({ image, size, sha256 }: StoredUpload, saved: UnsentPicture) =>
    sha256 === saved.sha256 && (await openable(blobs, sealedKey(image)))?.length !== size
  const wanted: UnsentPicture[] = []
  for (const picture of pictures) {
    const upload = uploading.get(picture.image)
    if (upload ? await isLacking(upload, picture) : isWanted(picture)) wanted.push(picture)
  }
  const keep = async (picture: UnsentPicture): Promise<boolean> => {
    const bytes = await load(picture)
    if (bytes?.length !== picture.size || (await hasher.sha256(bytes)) !== picture.sha256) return false
    await withRoom(makeRoom, () => blobs.put(sealedKey(picture.image), bytes))
    return true
  }
  const kept: UnsentPicture[] = []
  try {
    for (const picture of wanted) if (await keep(picture)) kept.push(picture)
    if (fresh.length + kept.length > 0)
      await outbox.append(
        fresh.map(({ n: _, ...draft }) => draft),
        kept.map((picture) => {
          const upload = uploading.get(picture.image)
          return upload ? whole(upload) : uploadFrom(picture, clock)
        }),
      )
  } catch (error) {
    await blobs.delete(kept.filter(({ image }) => !uploading.has(image)).map(({ image }) => sealedKey(image)))
    throw error
  }
  // Reading many large pictures may take longer than bytes without a record are left alone.
  const here = new Set(await blobs.keys())
  for (const picture of kept) if (!here.has(sealedKey(picture.image))) await keep(picture)
  return { changes: fresh.length, pictures: kept.length, lacking: wanted.length - kept.length }
}
