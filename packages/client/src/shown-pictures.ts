import type { FeedReader } from './ports.ts'

/** What entries show: for each, the checksums of its pictures. The picture of a dex's owner counts as the entry `profile`. */
export type ShownPictures = ReadonlyMap<string, ReadonlySet<string>>

export const PROFILE = 'profile'

interface ImageLike {
  readonly renditions?: Readonly<Record<string, { readonly sha256?: unknown }>>
}
interface ItemLike {
  readonly type?: unknown
  readonly id?: unknown
  readonly images?: readonly ImageLike[]
  readonly entry?: ItemLike
  readonly avatar?: { readonly sha256?: unknown }
}

class Gathering {
  readonly shown = new Map<string, Set<string>>()

  /** What an item says of an entry; a deleted one that can come back is still looked at. */
  put(item: unknown): void {
    if (typeof item !== 'object' || item === null) return
    const { type, id, images, entry, avatar } = item as ItemLike
    if (typeof id !== 'string') return
    if (type === 'entry') this.#add(id, checksums(images))
    else if (type === 'trash') this.#add(id, checksums(entry?.images))
    else if (type === 'profile') this.#add(PROFILE, avatar?.sha256 === undefined ? [] : [avatar.sha256])
  }

  remove(key: string): void {
    const [type, id = ''] = key.split('/')
    if (type === 'entry' || type === 'trash') this.#add(id, [])
    else if (type === 'profile') this.#add(PROFILE, [])
  }

  #add(id: string, sums: readonly unknown[]): void {
    const set = this.shown.get(id) ?? new Set()
    for (const sum of sums) if (typeof sum === 'string') set.add(sum)
    this.shown.set(id, set)
  }
}

const checksums = (images: readonly ImageLike[] = []): unknown[] =>
  images.flatMap(({ renditions }) => Object.values(renditions ?? {}).map(({ sha256 }) => sha256))

/** What the entries that a chunk brings, or takes away, show after it. */
export function shownAfter(items: readonly unknown[], removed: readonly string[]): ShownPictures {
  const gathering = new Gathering()
  for (const key of removed) gathering.remove(key)
  for (const item of items) gathering.put(item)
  return gathering.shown
}

/** What all of a dex shows. */
export async function shownBy({ pages, over }: FeedReader): Promise<ShownPictures> {
  const gathering = new Gathering()
  for await (const page of pages) {
    for (const item of JSON.parse(page) as ItemLike[]) {
      if (!over.has(`${String(item.type)}/${String(item.id)}`)) gathering.put(item)
    }
  }
  for (const text of over.values()) if (text !== null) gathering.put(JSON.parse(text))
  return gathering.shown
}
