import { t } from '../../app/i18n.tsx'
import { classes } from '../../ui/classes.ts'
import { Icon } from '../../ui/icon.tsx'
import type { Shot } from '../images/use-shots.ts'

interface CaptureShotsProps {
  readonly shots: readonly Shot[]
  readonly isApart: (shot: Shot) => boolean
  readonly onToggle: (shot: Shot) => void
}

function Face({ shot }: { shot: Shot }) {
  return shot.code ? <Icon name="album" /> : <img src={shot.url} alt="" decoding="async" />
}

/** Several photos at once become one entry; a tap sets one apart, to be kept by itself next. */
export function CaptureShots({ shots, isApart, onToggle }: CaptureShotsProps) {
  const [first, ...others] = shots
  if (!first || others.length === 0) return null
  const apart = others.filter(isApart).length
  const words = apart > 0 ? t('capture.shots.apart', { count: shots.length - apart, apart }) : undefined
  return (
    <section className="shots" aria-label={t('capture.shots')}>
      <ul>
        <li>
          <span className="one first" role="img" aria-label={t('capture.shots.first')}>
            <Face shot={first} />
          </span>
        </li>
        {others.map((shot, i) => (
          <li key={shot.read.sha256}>
            <button
              type="button"
              className={classes('one', isApart(shot) && 'apart')}
              aria-label={t('capture.shots.with', { n: i + 2 })}
              aria-pressed={!isApart(shot)}
              onClick={() => onToggle(shot)}
            >
              <Face shot={shot} />
              <span className="tick">
                <Icon name={isApart(shot) ? 'forward' : 'check'} small />
              </span>
            </button>
          </li>
        ))}
      </ul>
      <p className="small soft" role="status">
        {words ?? t('capture.shots.one', { count: shots.length })}
      </p>
    </section>
  )
}
