import { ERRORS } from '@biologidex/core/errors'
import type { ReactNode } from 'react'
import { t } from '../../app/i18n.tsx'
import { Icon } from '../../ui/icon.tsx'
import type { Shot } from './shots-state.ts'

/** The photo at hand, as large as the screen allows; `children` lie on it. What cannot be shown says why. */
export function ShotView({ shot, children }: { shot: Shot; children?: ReactNode }) {
  return (
    <div className="shot">
      {shot.code ? (
        <p className="cannot" role="status">
          <Icon name="album" />
          {ERRORS[shot.code][1]}
        </p>
      ) : (
        <img src={shot.url} alt={t('images.yours')} decoding="async" />
      )}
      {children}
    </div>
  )
}
