import type { TrashOnScreen } from '@biologidex/core/sync/overlay'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { useNaming } from '../slices/animals/use-naming.ts'
import { ownName } from '../slices/entries/drafts.ts'
import { restoreEntry } from '../slices/entries/entries.actions.ts'
import { EntryThumb } from '../slices/images/entry-thumb.tsx'
import { Button } from '../ui/button.tsx'
import { SyncMark } from '../ui/sync-mark.tsx'
import { say } from '../ui/toast.ts'
import { carryOut } from './carry-out.ts'
import { daysLeft } from './days-left.ts'
import { formatInstant, formatNumber } from './format.ts'
import { t } from './i18n.tsx'
import { Notice } from './notice.tsx'
import { Page } from './page.tsx'
import { useAccount, useDex, useEngine } from './session.tsx'
import { WhenOpen } from './when-open.tsx'
import './trash.css'

function Deleted({ one, now }: { one: TrashOnScreen; now: number }) {
  const dex = useAccount()
  const engine = useEngine()
  const navigate = useNavigate()
  const { entry, deleted, pending } = one
  const { animal, name, latin } = useNaming(entry, ownName(entry))
  const called = name ?? latin ?? t('entry.unnamed')
  const restore = async () => {
    if (!(await carryOut(() => restoreEntry(engine, entry.id)))) return
    const open = () => void navigate({ to: '/entry/$id', params: { id: entry.id } })
    say({ text: t('trash.restored', { name: called }), action: { label: t('capture.kept.open'), run: open } })
  }
  return (
    <li className="deleted">
      <EntryThumb dex={dex} entry={entry} />
      <div>
        <span className="no">{formatNumber(animal?.number)}</span>
        <h2 className={name ? 'name' : 'name sci'}>{called}</h2>
        {name && latin && <p className="sci small soft">{latin}</p>}
        <p className="small soft when">
          {pending && <SyncMark at="here" quiet />}
          <span>
            {t('trash.deleted', { when: formatInstant(deleted) })} · {t('trash.left', { days: daysLeft(deleted, now) })}
          </span>
        </p>
      </div>
      <Button onClick={() => void restore()} aria-label={`${t('trash.restore')}: ${called}`}>
        {t('trash.restore')}
      </Button>
    </li>
  )
}

function Things() {
  const { trash } = useDex()
  const [now] = useState(() => Date.now())
  const all = [...trash.values()].sort((a, b) => b.deleted - a.deleted)
  return (
    <Page title={t('trash.title')} lead={all.length > 0 ? t('trash.text') : undefined}>
      {all.length > 0 ? (
        <ul className="trash">
          {all.map((one) => (
            <Deleted key={one.id} one={one} now={now} />
          ))}
        </ul>
      ) : (
        <Notice title={t('trash.empty.title')} text={t('trash.empty.text')} />
      )}
    </Page>
  )
}

/** What was deleted and can still be brought back, from this device's own store: with or without a network. */
export function TrashPage() {
  return (
    <WhenOpen meanwhile={<Page title={t('trash.title')}>{null}</Page>}>
      <Things />
    </WhenOpen>
  )
}
