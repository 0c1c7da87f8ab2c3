import type { V1Picture, V1Row } from './v1-queries.ts'

/** Whole numbers that the database joined with commas. */
export const numbersIn = (text: string | null): number[] => (text ? (JSON.parse(`[${text}]`) as number[]) : [])

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

/** Columns of entries, joined with commas, and their payloads, each on a line. */
export interface RowColumns {
  readonly seqs: string | null
  readonly times: string | null
  readonly items: string | null
}

export function rowsIn({ seqs, times, items }: RowColumns): V1Row[] {
  const changed = numbersIn(times)
  const lines = items?.split('\n') ?? []
  return numbersIn(seqs).map((seq, at) => ({ seq, changedAt: changed[at] ?? 0, item: lines[at] ?? '' }))
}
