import type { V1Picture } from './v1-queries.ts'

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
