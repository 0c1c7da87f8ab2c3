import type { EntryOnScreen } from '@biologidex/core/sync/overlay'
import { useState } from 'react'
import { t } from '../../app/i18n.tsx'
import { Picture } from '../../app/picture.tsx'
import { useAccount } from '../../app/session.tsx'
import { Button } from '../../ui/button.tsx'
import { Icon } from '../../ui/icon.tsx'
import { SyncMark } from '../../ui/sync-mark.tsx'
import { pictureAt } from './entry-thumb.tsx'
import { PictureState } from './picture-state.tsx'
import { PicturesSheet } from './pictures-sheet.tsx'
import type { ShownPicture } from './use-shown-picture.ts'
import './pictures.css'

/** The pictures of an entry small, to turn to; nothing where there is one. */
export function PictureRow({ entry, shown }: { entry: EntryOnScreen; shown: ShownPicture }) {
  const dex = useAccount()
  const { images, image, show } = shown
  if (images.length < 2) return null
  return (
    <div className="strip">
      <ul aria-label={t('images.strip')}>
        {images.map((one, i) => (
          <li key={one.id}>
            <button
              type="button"
              className="pick"
              aria-label={t('images.show', { n: i + 1 })}
              aria-current={one === image}
              onClick={() => show(one.id)}
            >
              <Picture at={pictureAt(dex, entry.id, one, 'wall')} thumbhash={one.thumbhash} alt="" />
            </button>
          </li>
        ))}
      </ul>
    </div>
  )
}

/** The pictures of an entry small, to turn to; how far the shown one has come; and the way to change them. */
export function PictureStrip({ entry, shown }: { entry: EntryOnScreen; shown: ShownPicture }) {
  const dex = useAccount()
  const [editing, setEditing] = useState(false)
  const { images, image, show } = shown
  return (
    <>
      {image && <PictureState image={image} />}
      <div className="strip">
        {images.length > 1 && (
          <ul aria-label={t('images.strip')}>
            {images.map((one, i) => (
              <li key={one.id}>
                <button
                  type="button"
                  className="pick"
                  aria-label={t('images.show', { n: i + 1 })}
                  aria-current={one === image}
                  onClick={() => show(one.id)}
                >
                  <Picture at={pictureAt(dex, entry.id, one, 'wall')} thumbhash={one.thumbhash} alt="" />
                  {one.state === 'waiting' && <SyncMark at="here" />}
                </button>
              </li>
            ))}
          </ul>
        )}
        <Button kind="plain" onClick={() => setEditing(true)}>
          <Icon name="album" />
          {t(images.length > 0 ? 'images.edit' : 'images.add')}
        </Button>
      </div>
      <PicturesSheet entry={entry} open={editing} onClose={() => setEditing(false)} />
    </>
  )
}
