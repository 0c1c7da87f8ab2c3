import { t } from '../../app/i18n.tsx'
import { Button } from '../../ui/button.tsx'
import { classes } from '../../ui/classes.ts'
import { Icon } from '../../ui/icon.tsx'
import type { Shot } from '../images/shots-state.ts'
import type { Shots } from '../images/use-shots.ts'

function Face({ shot }: { shot: Shot }) {
  return shot.code ? <Icon name="album" /> : <img src={shot.url} alt="" decoding="async" />
}

function First({ shot }: { shot: Shot }) {
  return (
    <span className="one first" role="img" aria-label={t('capture.shots.first')}>
      <Face shot={shot} />
    </span>
  )
}

function Other({ shot, n, onToggle }: { shot: Shot; n: number; onToggle: () => void }) {
  return (
    <button
      type="button"
      className={classes('one', shot.apart && 'apart')}
      aria-label={t('capture.shots.with', { n })}
      aria-pressed={!shot.apart}
      onClick={onToggle}
    >
      <Face shot={shot} />
      <span className="tick">
        <Icon name={shot.apart ? 'forward' : 'check'} small />
      </span>
    </button>
  )
}

/** What becomes of them, in words. */
function shotsWords([, ...others]: readonly Shot[]): string {
  const apart = others.filter((shot) => shot.apart).length
  const count = others.length + 1
  return apart > 0 ? t('capture.shots.apart', { count: count - apart, apart }) : t('capture.shots.one', { count })
}

type CaptureShotsProps = Pick<Shots, 'shots' | 'leftOut' | 'toggle' | 'leaveOut' | 'bringBack'>

/** Several photos become one entry; a tap sets one apart, to be kept by itself next. Any can be left out, while another is there. */
export function CaptureShots({ shots, leftOut, toggle, leaveOut, bringBack }: CaptureShotsProps) {
  const isOne = shots.length === 1
  if (isOne && !leftOut) return null
  return (
    <section className="shots" aria-label={t('capture.shots')}>
      {!isOne && (
        <ul>
          {shots.map((shot, i) => (
            <li key={shot.read.sha256}>
              {i === 0 ? <First shot={shot} /> : <Other shot={shot} n={i + 1} onToggle={() => toggle(shot)} />}
              <button
                type="button"
                className="out"
                aria-label={t('capture.shots.out', { n: i + 1 })}
                onClick={() => leaveOut(shot)}
              >
                <Icon name="close" small />
              </button>
            </li>
          ))}
        </ul>
      )}
      {!isOne && (
        <p className="small soft" role="status">
          {shotsWords(shots)}
        </p>
      )}
      {leftOut && (
        <p className="undo-line" role="status">
          {t('capture.shots.left')}
          <Button kind="plain" onClick={bringBack}>
            {t('ui.undo')}
          </Button>
        </p>
      )}
    </section>
  )
}
