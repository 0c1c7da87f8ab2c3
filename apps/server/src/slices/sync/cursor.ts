import type { FeedHead } from '../../db/db.ts'

/**
 * A reader's place in a feed (P2): the feed, its epoch, the position, and the head at which its snapshot began. Opaque to
 * clients, and checked: a made-up one can only move within a feed that its bearer may read anyway.
 */
export interface Cursor {
  readonly feed: number
  readonly epoch: string
  readonly position: number
  readonly snapshotHead: number
}

const FORM = /^([0-9a-z]{1,11})\.([0-9a-f]{12})\.([0-9a-z]{1,11})\.([0-9a-z]{1,11})$/

export const writeCursor = ({ feed, epoch, position, snapshotHead }: Cursor): string =>
  `${feed.toString(36)}.${epoch}.${position.toString(36)}.${snapshotHead.toString(36)}`

/** Reads a cursor; undefined when it is not one. Written by hand: it runs for each feed of each pull. */
export function readCursor(text: string): Cursor | undefined {
  const match = FORM.exec(text)
  if (!match) return undefined
  const [, feed = '', epoch = '', position = '', snapshotHead = ''] = match
  return {
    feed: Number.parseInt(feed, 36),
    epoch,
    position: Number.parseInt(position, 36),
    snapshotHead: Number.parseInt(snapshotHead, 36),
  }
}

/** What a reader at `text` is answered (P3, P4, P6), and from where it reads on. */
export interface Plan {
  readonly mode: 'changes' | 'snapshot' | 'reset' | 'restored'
  readonly from: Cursor
  /** The reader was at another feed of this dex: less may be seen than before (P4). */
  readonly narrower?: true
}

/**
 * Whether removals that a reader has not had may be forgotten. A cursor is too old only when both its position and its snapshot's
 * head lie below the floor: a slow snapshot has seen no item whose removal is forgotten, so it never starts over (P3).
 */
export const isTooOld = ({ position, snapshotHead }: Pick<Cursor, 'position' | 'snapshotHead'>, floor: number): boolean =>
  position < floor && snapshotHead < floor

/** Decides between changes and a new snapshot. */
export function planFor(head: FeedHead, text: string | undefined): Plan {
  const start: Cursor = { feed: head.id, epoch: head.epoch, position: 0, snapshotHead: head.head }
  if (text === undefined) return { mode: 'snapshot', from: start }
  const cursor = readCursor(text)
  if (!cursor) return { mode: 'reset', from: start }
  if (cursor.feed !== head.id) return { mode: 'reset', from: start, narrower: true }
  if (cursor.epoch !== head.epoch || Math.max(cursor.position, cursor.snapshotHead) > head.head)
    return { mode: 'restored', from: start }
  if (isTooOld(cursor, head.floor)) return { mode: 'reset', from: start }
  return { mode: 'changes', from: cursor }
}
