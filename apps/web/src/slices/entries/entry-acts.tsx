import type { EntryOnScreen } from '@biologidex/core/sync/overlay'
import { Link } from '@tanstack/react-router'
import { t } from '../../app/i18n.tsx'
import { WallLink } from '../../app/ways.tsx'
import { useWide } from '../../app/wide.ts'
import { Button, buttonClass } from '../../ui/button.tsx'
import { Heart } from '../../ui/heart.tsx'
import { Icon } from '../../ui/icon.tsx'
import { useChange } from './use-change.ts'

/** In another's dex: back, and nothing to change. */
export function OtherEntryActs() {
  const wide = useWide()
  return (
    <div className="entry-acts">
      <WallLink className={buttonClass({})}>
        <Icon name={wide ? 'close' : 'back'} />
        {t('entry.toWall.others')}
      </WallLink>
    </div>
  )
}

/** Back, favourite, change, and the next thing to do: meet it again. */
export function EntryActs({ entry, onEdit }: { entry: EntryOnScreen; onEdit: () => void }) {
  const wide = useWide()
  const { edit } = useChange(entry)
  const favourite = entry.favourite === true
  return (
    <div className="entry-acts">
      <WallLink className={buttonClass({ shape: 'square' })} aria-label={t('entry.toWall')}>
        <Icon name={wide ? 'close' : 'back'} />
      </WallLink>
      <Button
        shape="square"
        className="heart"
        aria-pressed={favourite}
        aria-label={t(favourite ? 'entry.favourite.on' : 'entry.favourite.off')}
        onClick={() => void edit({ favourite: !favourite })}
      >
        <Heart full={favourite} />
      </Button>
      <Button shape="square" aria-label={t('entry.edit')} onClick={onEdit}>
        <Icon name="edit" />
      </Button>
      <Link to="/capture" search={{ again: entry.id }} className={buttonClass({ kind: 'go' })}>
        <Icon name="add" />
        {t('entry.again')}
      </Link>
    </div>
  )
}
