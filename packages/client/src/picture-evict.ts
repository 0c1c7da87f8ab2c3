import type { PictureRow } from './ports.ts'

/** All records of one checksum: they have one copy between them. */
interface Copy {
  readonly rows: readonly PictureRow[]
  readonly size: number
  readonly used: number
}

function copyOf(rows: readonly PictureRow[]): Copy {
  const held = rows.find(({ home }) => home === undefined)
  return { rows, size: held?.size ?? 0, used: Math.max(...rows.map(({ used }) => used)) }
}

/**
 * The records that leave so that no more than `goal` bytes stay: the least recently used first, those that a pinned dex shows never
 * (I4).
 */
export function leaving(rows: readonly PictureRow[], pinned: ReadonlySet<string>, goal: number): PictureRow[] {
  const copies = Array.from(Map.groupBy(rows, ({ sha256 }) => sha256).values(), copyOf)
  let bytes = copies.reduce((sum, { size }) => sum + size, 0)
  const loose = copies.filter((copy) => !copy.rows.some(({ dex }) => pinned.has(dex))).sort((a, b) => a.used - b.used)
  const gone: PictureRow[] = []
  for (const copy of loose) {
    if (bytes <= goal) break
    bytes -= copy.size
    gone.push(...copy.rows)
  }
  return gone
}
