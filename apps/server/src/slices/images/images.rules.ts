/** Reasons for which a picture was turned away before its bytes were kept. */
const TURNED_AWAY: ReadonlySet<string> = new Set(['not_a_picture', 'picture_type_refused'])

/**
 * Whether the server has an image's bytes *from its owner*. Only then may its announced checksum open anything: one can
 * announce the checksum of another's picture, which shows nothing but that one knows it (I3).
 */
export function originalKept(image: { readonly state: string; readonly reason?: string | null | undefined }): boolean {
  if (image.state === 'failed') return !TURNED_AWAY.has(image.reason ?? '')
  return image.state === 'processing' || image.state === 'ready'
}
