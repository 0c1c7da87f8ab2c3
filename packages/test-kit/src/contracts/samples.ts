import type { FeedReader, FeedState, FeedWrite, LocalStore, StoredMutation, StoredUpload } from '@biologidex/client/ports'
import type { AnimalItem } from '@biologidex/core/animals/animal'
import { agree } from './agree.ts'

/** A UUID v4 that is the same for the same number. */
export const id = (n: number): string => `00000000-0000-4000-8000-${n.toString(16).padStart(12, '0')}`

export const mutation = (n: number, note = `note ${n}`): StoredMutation => ({
  n,
  type: 'entry',
  id: id(n),
  op: 'update',
  set: { note: { was: null, to: note } },
  at: 1_790_000_000_000 + n,
})

export const upload = (n: number): StoredUpload => ({
  image: id(n),
  entry: id(n + 1),
  sha256: 'ab'.repeat(32),
  size: 5,
  mediaType: 'image/jpeg',
})

export const animal = (n: number, name = `Animal ${n}`): AnimalItem => ({
  type: 'animal',
  id: id(n),
  scientificName: name,
  rev: 1,
})

export const state = (feed: string, seq: number, more: Partial<FeedState> = {}): FeedState => ({
  feed,
  cursor: `cursor ${seq}`,
  seq,
  generation: 1,
  over: 0,
  complete: true,
  ...more,
})

/** A write of one page of items, each `key: text`, to generation 1. */
export const page = (feed: string, seq: number, items: string): FeedWrite => ({
  state: state(feed, seq),
  generation: 1,
  page: items,
})

const sorted = (over: FeedReader['over']) => [...over].sort(([a], [b]) => (a < b ? -1 : 1))

/** What a reader of one generation gets, in the order it gets it; single items and animals sorted, their order says nothing. */
export async function content(store: LocalStore, feed: string, generation: number) {
  const reader = await store.readFeed(feed, generation)
  const pages: string[] = []
  for await (const text of reader.pages) pages.push(text)
  const over = sorted(reader.over)
  agree(sorted(await store.readOver(feed, generation)), over, 'the single items alone')
  return {
    pages,
    over,
    animals: [...reader.animals].sort((a, b) => (a.id < b.id ? -1 : 1)),
  }
}
