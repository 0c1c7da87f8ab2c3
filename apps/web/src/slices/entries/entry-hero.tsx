import type { EntryOnScreen } from '@biologidex/core/sync/overlay'
import { t } from '../../app/i18n.tsx'
import { dexTitle, useWhose } from '../../app/whose.tsx'
import { WhoseSign } from '../../ui/avatar.tsx'
import { Gallery } from '../images/gallery.tsx'
import type { ShownPicture } from '../images/use-shown-picture.ts'

interface EntryHeroProps {
  readonly entry: EntryOnScreen
  readonly name: string | undefined
  readonly shown: ShownPicture
}

/** The pictures, edge to edge, with the sign of whose dex this is. */
export function EntryHero({ entry, name, shown }: EntryHeroProps) {
  const { displayName } = useWhose()
  const alt = name ? t('images.of', { name }) : t('images.unnamed')
  return (
    <div className="entry-hero">
      <Gallery entry={entry} shown={shown} alt={alt} />
      <WhoseSign name={displayName ?? ''} text={dexTitle(displayName)} />
    </div>
  )
}
