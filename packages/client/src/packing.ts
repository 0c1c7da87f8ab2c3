/** How feeds lie in the store: packed pages, and single items over them (E15). */
export interface Packing {
  /** From this many items a chunk lies as a page of its own; smaller ones lie item by item over the pages. */
  readonly pageFrom: number
  /** The same where nothing lies yet: a friend's whole dex is one page rather than a hundred rows. */
  readonly firstPageFrom: number
  /** Items of one page as the packing writes them. */
  readonly pageItems: number
  /** How many items may lie over older ones before a feed is packed anew. */
  readonly mostOver: number
  /** Pages that are written over together, in one write: where more are covered, the feed is packed anew. */
  readonly mostPages: number
}

export const PACKING: Packing = { pageFrom: 64, firstPageFrom: 10, pageItems: 500, mostOver: 500, mostPages: 8 }
