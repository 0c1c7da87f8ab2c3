import type { V1Page, V1Picture } from './v1-queries.ts'

/** Whole numbers that the database joined with commas. */
export const numbersIn = (text: string | null): number[] => (text ? (JSON.parse(`[${text}]`) as number[]) : [])

/** Between payloads that the database joined: JSON escapes every control character. */
export const BETWEEN = 30
const between = String.fromCharCode(BETWEEN)

/** Columns of a page of entries: payloads, when each changed, and its position. */
export interface PageColumns {
  readonly items: string | null
  readonly changed: string | null
  readonly seqs: string | null
}

export const pageIn = ({ items, changed, seqs }: PageColumns): V1Page => ({
  seqs: numbersIn(seqs),
  items: items?.split(between) ?? [],
  changedAt: numbersIn(changed),
})

/** Columns of pictures, each joined with commas; no checksum is empty text. */
export interface PictureColumns {
  readonly images: string | null
  readonly sums: string | null
  readonly times: string | null
}

export function picturesIn({ images, sums, times }: PictureColumns): Map<string, V1Picture> {
  const [checksums, made] = [sums?.split(',') ?? [], numbersIn(times)]
  const found = images?.split(',') ?? []
  return new Map(found.map((image, at) => [image, { sha256: checksums[at] || null, madeAt: made[at] ?? 0 }]))
}
