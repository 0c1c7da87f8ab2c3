/** Size of frozen photos: they lie in the repository for good. */
export const SMALL = { width: 240, height: 320 } as const
