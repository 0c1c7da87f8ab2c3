/** The picture that stands for an entry: the chosen one while it exists, else the first. */
export function primaryOf<T extends { id: string }>(
  images: readonly T[] | undefined,
  chosen: string | null | undefined,
): T | undefined {
  return images?.find((image) => image.id === chosen) ?? images?.[0]
}
