import type { EntryOnScreen } from '@biologidex/core/sync/overlay'
import { t } from '../../app/i18n.tsx'
import { usePicture } from '../../app/picture.tsx'
import { useAccount } from '../../app/session.tsx'
import { dexTitle, useWhose } from '../../app/whose.tsx'
import { WhoseSign } from '../../ui/avatar.tsx'
import { Thumb } from '../../ui/thumb.tsx'
import { pictureAt, primaryImage } from '../images/entry-thumb.tsx'

/** The picture, edge to edge: thumbhash, then the wall's rendition, then the screen's, in one box. */
export function EntryHero({ entry, name }: { entry: EntryOnScreen; name: string | undefined }) {
  const dex = useAccount()
  const { displayName } = useWhose()
  const image = primaryImage(entry)
  const wall = usePicture(image && pictureAt(dex, entry.id, image, 'wall'))
  const screen = usePicture(image && pictureAt(dex, entry.id, image, 'screen'))
  const alt = image?.alt ?? (name ? t('images.of', { name }) : t('images.unnamed'))
  return (
    <div className="entry-hero">
      <Thumb key={image?.id ?? ''} className="hero-picture" src={screen ?? wall} thumbhash={image?.thumbhash} alt={alt} />
      <WhoseSign name={displayName ?? ''} text={dexTitle(displayName)} />
    </div>
  )
}
