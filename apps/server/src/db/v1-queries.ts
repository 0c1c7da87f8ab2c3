/** Entries of a stretch of a feed: their positions, and the discovery numbers that they are put in order by. */
export interface V1Stretch {
  /** Position of the last row looked at; undefined when there was none. */
  readonly last: number | undefined
  readonly seqs: readonly number[]
  readonly numbers: readonly number[]
}

/** An entry in a feed. */
export interface V1Row {
  readonly seq: number
  readonly changedAt: number
  /** Its payload, as it is stored. */
  readonly item: string
}

/** The PNG of an image. One without a checksum could not be made. */
export interface V1Picture {
  readonly sha256: string | null
  readonly madeAt: number
}

/** What there is in a feed to count. */
export interface V1Totals {
  readonly entries: number
  readonly animals: number
  /** When the last of them, or the name of its animal, changed; 0 when there is none. */
  readonly latest: number
}

/** Which entries of a feed: `after` a position, and only those that changed in any way since then, when it is said. */
export interface V1Wanted {
  readonly feed: number
  readonly owner: string
  readonly after: number
  readonly limit: number
  readonly since: number | undefined
}

/** The queries that decide the speed of the v1 API's sync, by hand per dialect like HotQueries. */
export interface V1Queries {
  /** The database's clock, and when an animal was named anew last. */
  standing(): Promise<{ readonly now: number; readonly namedAt: number }>
  /** The last position of a feed before everything that changed at `since` or later; 0 when there is none. */
  positionBefore(feed: number, since: number): Promise<number>
  /** Entries of animals with a number; those without have no place in v1. */
  stretch(wanted: V1Wanted): Promise<V1Stretch>
  /** Entries at some positions, in the order asked for; those that have moved meanwhile are left out. */
  page(feed: number, seqs: readonly number[]): Promise<V1Row[]>
  /** The first entries behind a position, those included whose animal has no number. */
  pageAfter(feed: number, after: number, limit: number): Promise<V1Row[]>
  /** PNGs of an owner's entries, by image. */
  pictures(owner: string, entries: readonly string[]): Promise<ReadonlyMap<string, V1Picture>>
  /** PNGs of all of an owner's entries, by image. */
  allPictures(owner: string): Promise<ReadonlyMap<string, V1Picture>>
  totals(feed: number): Promise<V1Totals>
}
