import { formatCount } from '../../app/format.ts'
import { t } from '../../app/i18n.tsx'
import { Icon } from '../../ui/icon.tsx'
import { SyncMark } from '../../ui/sync-mark.tsx'
import { RoomNote } from './storage-note.tsx'
import { SyncSentence } from './sync-sentence.tsx'
import { useSyncNow } from './use-sync-now.ts'
import { useSyncWords } from './use-sync-words.ts'

function Progress({ current, total }: { current: number; total: number }) {
  const share = Math.min(100, Math.round((current / total) * 100))
  return (
    <span
      className="bar"
      role="progressbar"
      aria-label={t('sync.progress')}
      aria-valuemin={0}
      aria-valuemax={total}
      aria-valuenow={current}
      aria-valuetext={t('sync.arriving', { current: formatCount(current), total: formatCount(total) })}
    >
      <b style={{ width: `${share}%` }} />
    </span>
  )
}

function Line() {
  const words = useSyncWords()
  const { run, busy, ready } = useSyncNow()
  return (
    <div className="sync-line">
      <SyncMark at={words.mark} quiet />
      <SyncSentence words={words} />
      {words.progress && <Progress {...words.progress} />}
      <button type="button" className="sync-now" onClick={run} disabled={!ready} aria-busy={busy} title={t('sync.now')}>
        <Icon name="sync" className={busy ? 'turning' : undefined} />
        <span className="sr">{t('sync.now')}</span>
      </button>
    </div>
  )
}

/** How sync stands: a mark, one sentence, counts while it moves, and a button to sync now. Below it, that room runs out. */
export function SyncLine() {
  return (
    <>
      <Line />
      <RoomNote />
    </>
  )
}
