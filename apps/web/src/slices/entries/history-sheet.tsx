import type { Draft } from '@biologidex/client/face'
import type { Revision } from '@biologidex/core/entries/entry'
import type { EntryOnScreen } from '@biologidex/core/sync/overlay'
import { formatInstant } from '../../app/format.ts'
import { t } from '../../app/i18n.tsx'
import { useDex } from '../../app/session.tsx'
import { Button } from '../../ui/button.tsx'
import { Icon } from '../../ui/icon.tsx'
import { LeaveButton, Sheet } from '../../ui/sheet.tsx'
import { SyncMark } from '../../ui/sync-mark.tsx'
import { say } from '../../ui/toast.ts'
import { sayingNow } from './entries.actions.ts'
import { goBackDrafts, undoDrafts } from './history-states.ts'
import { pendingWords, revisionWords } from './history-words.ts'
import { useChange } from './use-change.ts'
import { type History, useHistory } from './use-history.ts'
import './history.css'

function Lines({ lines }: { lines: readonly string[] }) {
  return (
    <ul className="deeds">
      {lines.map((line, at) => (
        <li key={`${at} ${line}`}>{line}</li>
      ))}
    </ul>
  )
}

/** What of the entry is only on this device: the server's history does not know it yet. */
function Pending({ entry }: { entry: EntryOnScreen }) {
  const dex = useDex()
  const lines = dex.changesOf(entry.id).flatMap((change) => pendingWords(change, dex))
  if (lines.length === 0) return null
  return (
    <section className="moment pending">
      <p className="small">
        <SyncMark at="here" quiet /> {t('history.pending')}
      </p>
      <Lines lines={lines} />
    </section>
  )
}

function Moment({ revision, onBack }: { revision: Revision; onBack: (() => void) | undefined }) {
  const dex = useDex()
  const { at, device, changes } = revision
  return (
    <li className="moment">
      <p className="small soft">{t('history.by', { device, when: formatInstant(at) })}</p>
      <Lines lines={revisionWords(changes, dex)} />
      {onBack && (
        <Button onClick={onBack}>
          <Icon name="history" small />
          {t('history.back')}
        </Button>
      )}
    </li>
  )
}

/** Where the history stands, in words; nothing while it is simply there. */
function Standing({ history }: { history: History }) {
  const { standing, revisions, again } = history
  if (standing === 'here') return null
  if (standing === 'asking') {
    return (
      <p className="soft" role="status">
        {revisions ? '' : t('history.asking')}
      </p>
    )
  }
  return (
    <div className="calm">
      <p role="status">{t(standing === 'offline' ? 'history.offline' : 'history.failed')}</p>
      <Button onClick={again}>{t('history.again')}</Button>
    </div>
  )
}

function Moments({ entry, onClose }: { entry: EntryOnScreen; onClose: () => void }) {
  const { profile } = useDex()
  const history = useHistory(entry.id, entry.updated)
  const { carryOut } = useChange(entry)
  const { revisions = [], more, standing } = history
  const goBack = async (drafts: readonly Draft[]) => {
    if (!(await carryOut(drafts))) return
    onClose()
    say({
      text: t('history.done'),
      action: { label: t('ui.undo'), run: () => void carryOut(undoDrafts(drafts)) },
    })
  }
  return (
    <>
      <Pending entry={entry} />
      <ol className="moments">
        {revisions.map((revision, at) => {
          const drafts = goBackDrafts(entry, revisions.slice(0, at), sayingNow(profile?.displayName))
          const isAlive = !revision.changes.some((change) => 'op' in change && change.op === 'delete')
          const onBack = drafts.length > 0 && isAlive ? () => void goBack(drafts) : undefined
          return <Moment key={revision.n} revision={revision} onBack={onBack} />
        })}
      </ol>
      <Standing history={history} />
      <div className="ends">
        {more && (
          <Button disabled={standing === 'asking'} onClick={more}>
            {t('history.more')}
          </Button>
        )}
        <LeaveButton>{t('ui.close')}</LeaveButton>
      </div>
    </>
  )
}

/** Everything that ever happened to an entry, and the way back to any of it. The history itself only grows. */
export function HistorySheet({ entry, open, onClose }: { entry: EntryOnScreen; open: boolean; onClose: () => void }) {
  return (
    <Sheet open={open} onClose={onClose} title={t('entry.history')} description={t('history.text')}>
      <Moments entry={entry} onClose={onClose} />
    </Sheet>
  )
}
