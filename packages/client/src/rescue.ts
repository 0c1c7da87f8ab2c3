import type { EntryOnScreen } from '@biologidex/core/sync/overlay'
import { FeedContent } from './content.ts'
import type { Draft } from './face.ts'
import { keyOf } from './lines.ts'
import { clashAgain, makingOf, outingMaking } from './making.ts'
import type { Outbox } from './outbox.ts'
import type { BlobCache, FeedState, LocalStore } from './ports.ts'
import { previewKey } from './uploads.ts'

export interface RescueParts {
  readonly store: LocalStore
  readonly blobs: BlobCache
  /** The bytes of a picture of the own dex, if they are on the device. */
  readonly cached: (entry: string, sha256: string) => Promise<Uint8Array | undefined>
  readonly outbox: Outbox
}

/** Changes in one write: an empty server means the whole dex. */
const AT_ONCE = 500

/** Keys of all items of a generation. */
async function keysOf(store: LocalStore, feed: string, generation: number): Promise<Set<string>> {
  const keys = new Set<string>()
  const reader = await store.readFeed(feed, generation)
  for await (const page of reader.pages) {
    for (const item of JSON.parse(page) as unknown[]) keys.add(keyOf(item) ?? '')
  }
  for (const [key, text] of reader.over) {
    if (text === null) keys.delete(key)
    else keys.add(key)
  }
  return keys
}

/** What the shown generation holds that the server no longer has. */
async function lost(store: LocalStore, state: FeedState, kept: ReadonlySet<string>): Promise<FeedContent> {
  const content = new FeedContent()
  const reader = await store.readFeed(state.feed, state.generation)
  const consider = (item: unknown) => {
    if (!kept.has(keyOf(item) ?? '')) content.put(item)
  }
  for await (const page of reader.pages) for (const item of JSON.parse(page) as unknown[]) consider(item)
  for (const [key, text] of reader.over) {
    if (text === null) content.remove(key)
    else consider(JSON.parse(text))
  }
  return content
}

/** The renditions that the device has become its previews, so that the picture stays on screen (P6). */
async function keepPictures({ blobs, cached }: RescueParts, entry: EntryOnScreen): Promise<void> {
  for (const image of entry.images ?? []) {
    for (const [name, rendition] of Object.entries(image.renditions ?? {})) {
      const bytes = await cached(entry.id, rendition.sha256)
      if (bytes) await blobs.put(previewKey(image.id, name), bytes)
    }
  }
}

/** The changes that make again what only this device has: outings before what is in them, clashes after what they are about. */
async function* makings(parts: RescueParts, content: FeedContent, kept: ReadonlySet<string>): AsyncGenerator<Draft[]> {
  const { outbox } = parts
  const gone = new Set(outbox.changes.filter(({ type, op }) => type === 'outing' && op === 'delete').map(({ id }) => id))
  const hasOuting = (id: string) => !gone.has(id) && (content.outings.has(id) || kept.has(`outing/${id}`))
  for (const outing of content.outings.values()) yield [outingMaking(outing)]
  for (const entry of content.entries.values()) {
    await keepPictures(parts, entry)
    yield makingOf(entry, hasOuting)
  }
  for (const { id, entry } of content.trash.values()) {
    if (kept.has(`entry/${id}`)) continue
    await keepPictures(parts, entry)
    yield [...makingOf(entry, hasOuting), { type: 'entry', id, op: 'delete' }]
  }
  for (const conflict of content.conflicts.values()) yield [clashAgain(conflict)]
}

/**
 * The server went back to a backup (P6). Before the new content replaces the old, what only this device still has goes into the
 * outbox, to be made again, and answers that the server may have forgotten are asked for again.
 * @param generation the new content, but for `last`, its final items, which are not in the store yet
 */
export async function rescue(
  parts: RescueParts,
  state: FeedState,
  generation: number,
  last: readonly unknown[],
): Promise<void> {
  const { store, outbox } = parts
  await outbox.forgetResults()
  await outbox.retryUploads()
  const kept = await keysOf(store, state.feed, generation)
  for (const item of last) kept.add(keyOf(item) ?? '')
  for (const change of outbox.changes)
    if (change.op === 'create' || change.op === 'delete') kept.add(`${change.type}/${change.id}`)
  let drafts: Draft[] = []
  for await (const more of makings(parts, await lost(store, state, kept), kept)) {
    drafts.push(...more)
    if (drafts.length < AT_ONCE) continue
    await outbox.append(drafts, [])
    drafts = []
  }
  if (drafts.length > 0) await outbox.append(drafts, [])
}
