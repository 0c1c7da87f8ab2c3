import type { EntryOnScreen } from '@biologidex/core/sync/overlay'
import { FeedContent } from './content.ts'
import type { Draft } from './face.ts'
import { keyOf } from './lines.ts'
import type { Outbox } from './outbox.ts'
import type { BlobCache, FeedState, LocalStore } from './ports.ts'
import { previewKey } from './uploads.ts'

export interface RescueParts {
  readonly store: LocalStore
  readonly blobs: BlobCache
  readonly outbox: Outbox
}

const to = (value: unknown) => ({ to: JSON.parse(JSON.stringify(value)) })

/** Changes in one write: an empty server means the whole dex. */
const AT_ONCE = 500

/** The fields of an entry that a mutation sets as they are; animal and lists have forms of their own. */
const PLAIN = [
  'observed',
  'place',
  'outing',
  'count',
  'captive',
  'note',
  'privateNote',
  'visibility',
  'favourite',
  'primaryImage',
  'customizations',
] as const

/** The changes that make an entry, with its pictures, as it was. */
function makingOf(entry: EntryOnScreen): Draft[] {
  const plain = PLAIN.flatMap((field) => (entry[field] === undefined ? [] : [[field, to(entry[field])] as const]))
  const set: NonNullable<Draft['set']> = Object.fromEntries(plain)
  if (entry.animal) set.animal = { to: { id: entry.animal } }
  if (entry.identifications) set.identifications = { add: to(entry.identifications).to }
  const images = (entry.images ?? []).flatMap((image): Draft[] => {
    if (!image.original) return []
    const { sha256, size, type } = image.original
    const fields = {
      entry: to(entry.id),
      sha256: to(sha256),
      size: to(size),
      mediaType: to(type),
      position: to(image.position ?? 0),
    }
    return [{ type: 'image', id: image.id, op: 'create', set: { ...fields, ...(image.alt ? { alt: to(image.alt) } : {}) } }]
  })
  return [{ type: 'entry', id: entry.id, op: 'create', set }, ...images]
}

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

/** Entries of the shown generation that the server no longer has. */
async function lost(store: LocalStore, state: FeedState, kept: ReadonlySet<string>): Promise<EntryOnScreen[]> {
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
  return [...content.entries.values()]
}

/** The renditions that the device has become its previews, so that the picture stays on screen (P6). */
async function keepPictures(blobs: BlobCache, entry: EntryOnScreen): Promise<void> {
  for (const image of entry.images ?? []) {
    for (const [name, rendition] of Object.entries(image.renditions ?? {})) {
      const bytes = await blobs.get(rendition.sha256)
      if (bytes) await blobs.put(previewKey(image.id, name), bytes)
    }
  }
}

/**
 * The server went back to a backup (P6). Before the new content replaces the old, entries that only this device still has
 * go into the outbox, to be made again, and answers that the server may have forgotten are asked for again.
 * @param generation the new content, but for `last`, its final items, which are not in the store yet
 */
export async function rescue(
  parts: RescueParts,
  state: FeedState,
  generation: number,
  last: readonly unknown[],
): Promise<void> {
  const { store, blobs, outbox } = parts
  await outbox.forgetResults()
  await outbox.retryUploads()
  const kept = await keysOf(store, state.feed, generation)
  for (const item of last) kept.add(keyOf(item) ?? '')
  for (const change of outbox.changes)
    if (change.op === 'create' || change.op === 'delete') kept.add(`${change.type}/${change.id}`)
  let drafts: Draft[] = []
  for (const entry of await lost(store, state, kept)) {
    await keepPictures(blobs, entry)
    drafts.push(...makingOf(entry))
    if (drafts.length < AT_ONCE) continue
    await outbox.append(drafts, [])
    drafts = []
  }
  if (drafts.length > 0) await outbox.append(drafts, [])
}
