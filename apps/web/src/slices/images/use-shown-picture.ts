import { type ImagePart, primaryOf } from '@biologidex/core/images/image'
import type { EntryOnScreen } from '@biologidex/core/sync/overlay'
import { useState } from 'react'

/** Which picture of an entry is before one's eyes: the main one, until another is turned to. */
export interface ShownPicture {
  readonly images: readonly ImagePart[]
  readonly image: ImagePart | undefined
  /** Counted from 0; -1 without pictures. */
  readonly index: number
  readonly show: (image: string) => void
}

const NONE: readonly ImagePart[] = []

export function useShownPicture(entry: EntryOnScreen): ShownPicture {
  const [chosen, show] = useState<string>()
  const images = entry.images ?? NONE
  const image = images.find(({ id }) => id === chosen) ?? primaryOf(images, entry.primaryImage)
  return { images, image, index: image ? images.indexOf(image) : -1, show }
}
