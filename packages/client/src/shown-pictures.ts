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

const SHOWING: ReadonlySet<unknown> = new Set(['entry', 'trash', 'profile'])

/** True for an item that may show a picture, a deleted one that can come back included. */
export const showsPictures = (item: unknown): boolean =>
  typeof item === 'object' && item !== null && SHOWING.has((item as ItemLike).type)

class Gathering {
  readonly shown = new Map<string, Set<string>>()

  /** What an item says of an entry; a deleted one that can come back is still looked at. */
  put(item: unknown): void {
    if (typeof item !== 'object' || item === null) return
    const { type, id, images, entry, avatar } = item as ItemLike
    if (typeof id !== 'string') return
    if (type === 'entry') this.#addImages(id, images)
    else if (type === 'trash') this.#addImages(id, entry?.images)
    else if (type === 'profile') this.#add(PROFILE, avatar?.sha256)
  }

  remove(key: string): void {
    const [type, id = ''] = key.split('/')
    if (type === 'entry' || type === 'trash') this.#setOf(id)
    else if (type === 'profile') this.#setOf(PROFILE)
  }

  #addImages(id: string, images: readonly ImageLike[] = []): void {
    const set = this.#setOf(id)
    for (const { renditions = {} } of images) {
      for (const name in renditions) addTo(set, renditions[name]?.sha256)
    }
  }

  #add(id: string, sha256: unknown): void {
    addTo(this.#setOf(id), sha256)
  }

  #setOf(id: string): Set<string> {
    const known = this.shown.get(id)
    if (known) return known
    const set = new Set<string>()
    this.shown.set(id, set)
    return set
  }
}

function addTo(set: Set<string>, sha256: unknown): void {
  if (typeof sha256 === 'string') set.add(sha256)
}

/** What the entries that a chunk brings, or takes away, show after it. */
export function shownAfter(items: readonly unknown[], removed: readonly string[]): ShownPictures {
  const gathering = new Gathering()
  for (const key of removed) gathering.remove(key)
  for (const item of items) gathering.put(item)
  return gathering.shown
}

/** What the entries of single items, or their removals, show. */
export function shownOver(over: FeedReader['over']): ShownPictures {
  const gone = [...over.keys()].filter((key) => over.get(key) === null)
  return shownAfter(
    [...over.values()].flatMap((text) => (text === null ? [] : [JSON.parse(text) as unknown])),
    gone,
  )
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
