import { type ImagePart, primaryOf, type RenditionName } from '@biologidex/core/images/image'
import type { EntryOnScreen } from '@biologidex/core/sync/overlay'
import { Picture } from '../../app/picture.tsx'
import type { PictureAt } from '../../app/pictures.ts'

/** The picture that stands for an entry. */
export const primaryImage = (entry: EntryOnScreen): ImagePart | undefined => primaryOf(entry.images, entry.primaryImage)

/** Where a rendition of an image is had. */
export function pictureAt(dex: string, entry: string, image: ImagePart, rendition: RenditionName): PictureAt {
  const sha256 = image.renditions?.[rendition]?.sha256
  return { dex, entry, image: image.id, rendition, ...(sha256 ? { sha256 } : {}) }
}

/** The small picture of an entry, beside its name. */
export function EntryThumb({ dex, entry, className }: { dex: string; entry: EntryOnScreen; className?: string }) {
  const image = primaryImage(entry)
  return (
    <Picture
      at={image && pictureAt(dex, entry.id, image, 'wall')}
      thumbhash={image?.thumbhash}
      alt=""
      {...(className ? { className } : {})}
    />
  )
}
