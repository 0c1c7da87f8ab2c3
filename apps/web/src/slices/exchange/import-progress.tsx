import { formatCount } from '../../app/format.ts'
import { t } from '../../app/i18n.tsx'
import { Button } from '../../ui/button.tsx'
import type { Step } from './use-import.ts'

/** How far looking or bringing in has come, in counts, and a way to end it. */
export function ImportProgress({
  at,
  step,
  onStop,
}: {
  at: 'reading' | 'bringing'
  step: Step | undefined
  onStop: () => void
}) {
  const { current, total } = step ?? { current: 0, total: 0 }
  const counts = { current: formatCount(current), total: formatCount(total) }
  const isReading = at === 'reading'
  const words = isReading
    ? total > 0
      ? t('import.reading.counted', counts)
      : t('import.reading')
    : t('import.bringing', counts)
  const part = total > 0 ? Math.round((current / total) * 100) : 0
  const label = t(isReading ? 'import.reading' : 'import.title')
  return (
    <section className="card">
      <p>{words}</p>
      <span className="bar" role="progressbar" aria-label={label} aria-valuemin={0} aria-valuemax={100} aria-valuenow={part}>
        <b style={{ width: `${part}%` }} />
      </span>
      <p className="small soft">{t(isReading ? 'import.summary.text' : 'import.bringing.text')}</p>
      <div>
        <Button onClick={onStop}>{t(isReading ? 'import.cancel' : 'import.stop')}</Button>
      </div>
    </section>
  )
}
