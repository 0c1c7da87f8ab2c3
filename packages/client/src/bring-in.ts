import type { BroughtIn, Unsent, UnsentPicture } from './face.ts'
import type { Outbox } from './outbox.ts'
import type { BlobCache, Hasher } from './ports.ts'
import { type MakeRoom, withRoom } from './room.ts'
import { freshChanges, type Known, waitsForBytes } from './saved.ts'
import { sealedKey } from './uploads.ts'

export interface BringInParts {
  readonly blobs: BlobCache
  readonly makeRoom: MakeRoom
  readonly hasher: Hasher
  readonly outbox: Outbox
  readonly dex: Known
}

/** Everything that is only on this device (C1), set-aside changes and pictures too; pictures in the bin go with their entries. */
export function unsentOf(outbox: Pick<Outbox, 'changes' | 'uploads'>): Unsent {
  const open = outbox.changes.filter((change) => change.setAside || !change.result)
  return {
    changes: open.map(({ result: _, setAside: __, ...change }) => change),
    // What is in the bin was taken off its entry by its owner (E29).
    pictures: outbox.uploads
      .filter(({ binned }) => binned === undefined)
      .map(({ image, entry, sha256, size, mediaType }) => ({ image, entry, sha256, size, mediaType })),
  }
}

/**
 * Takes in what was saved from an outbox (C1): what is on the server or waits here already is left out, the rest joins the outbox under
 * new numbers, in its order. Pictures' bytes are checked, and durable before what refers to them (E2).
 * @param load the bytes of a picture; undefined when they are not among what was saved
 * @returns how many changes and pictures were new, and how many pictures are still to be had
 */
export async function bringIn(
  { blobs, makeRoom, hasher, outbox, dex }: BringInParts,
  { changes, pictures }: Unsent,
  load: (picture: UnsentPicture) => Promise<Uint8Array | undefined>,
): Promise<BroughtIn> {
  const fresh = freshChanges(changes, dex, outbox.changes)
  // Those that wait here without their bytes too: another file may bring them.
  const open = outbox.changes.filter(({ result }) => !result)
  const made = new Set([...fresh, ...open].filter(({ type, op }) => type === 'image' && op === 'create').map(({ id }) => id))
  const uploading = new Set(outbox.uploads.map(({ image }) => image))
  const wanted = pictures.filter(({ image }) => !uploading.has(image) && (made.has(image) || waitsForBytes(dex, image)))
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
        kept,
      )
  } catch (error) {
    await blobs.delete(kept.map(({ image }) => sealedKey(image)))
    throw error
  }
  // Reading many large pictures may take longer than bytes without a record are left alone.
  const here = new Set(await blobs.keys())
  for (const picture of kept) if (!here.has(sealedKey(picture.image))) await keep(picture)
  return { changes: fresh.length, pictures: kept.length, lacking: wanted.length - kept.length }
}
