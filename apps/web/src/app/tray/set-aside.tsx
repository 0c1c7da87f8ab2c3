import type { StoredMutation, StoredUpload } from '@biologidex/client/ports'
import type { Json } from '@biologidex/core/json'
import { useState } from 'react'
import { Button } from '../../ui/button.tsx'
import { Sheet } from '../../ui/sheet.tsx'
import { SyncMark } from '../../ui/sync-mark.tsx'
import { say } from '../../ui/toast.ts'
import { carryOut } from '../carry-out.ts'
import { type MessageId, t } from '../i18n.tsx'
import { useDex, useEngine } from '../session.tsx'
import { EntryHead } from './entry-head.tsx'
import { PeopleWanted } from './people-wanted.tsx'
import { fieldWords, valueWords } from './value-words.ts'

const DEEDS: Readonly<Record<StoredMutation['op'], MessageId>> = {
  create: 'tray.aside.create',
  update: 'tray.aside.update',
  delete: 'tray.aside.delete',
  restore: 'tray.aside.restore',
}

/** Fields of a picture say nothing to people; those of an entry are what was typed. */
function Wanted({ change }: { change: StoredMutation }) {
  const dex = useDex()
  if (change.type === 'friend' || change.type === 'block') return <PeopleWanted change={change} />
  if (change.type === 'image') return <p>{t('tray.aside.image')}</p>
  const said = Object.entries(change.set ?? {}).flatMap(([field, value]): [string, Json][] =>
    'to' in value && value.to !== null && value.to !== false ? [[field, value.to]] : [],
  )
  return (
    <dl className="said">
      <dt>{t(change.type === 'outing' ? 'outing' : DEEDS[change.op])}</dt>
      {said.map(([field, value]) => (
        <div key={field}>
          <dt>{fieldWords(change.type === 'outing' ? `outing/${change.id}/${field}` : field)}</dt>
          <dd>{valueWords(field, value, dex)}</dd>
        </div>
      ))}
    </dl>
  )
}

/** The entry that a change is about, as far as the change itself says. */
function entryOf({ type, id, set }: StoredMutation): string | undefined {
  if (type === 'entry') return id
  const entry = set?.entry
  return entry && 'to' in entry && typeof entry.to === 'string' ? entry.to : undefined
}

async function carryOutAndSay(work: () => Promise<void>, said: MessageId): Promise<void> {
  if (await carryOut(work)) say({ text: t(said) })
}

function Discard({ onDiscard }: { onDiscard: () => void }) {
  const [asking, setAsking] = useState(false)
  return (
    <>
      <Button kind="danger" onClick={() => setAsking(true)}>
        {t('tray.aside.discard')}
      </Button>
      <Sheet
        open={asking}
        onClose={() => setAsking(false)}
        title={t('tray.aside.sure.title')}
        description={t('tray.aside.sure.text')}
      >
        <div className="ends">
          <Button onClick={() => setAsking(false)}>{t('ui.cancel')}</Button>
          <Button kind="danger" onClick={onDiscard}>
            {t('tray.aside.discard')}
          </Button>
        </div>
      </Sheet>
    </>
  )
}

/** A change that could not be carried out (O6): why, what was wanted, and what can be done. */
export function AsideChange({ change }: { change: StoredMutation }) {
  const dex = useDex()
  const engine = useEngine()
  const id = entryOf(change)
  const entry = id ? dex.entries.get(id) : undefined
  return (
    <article className="card clash">
      {entry && <EntryHead entry={entry} />}
      <p className="reason">
        <SyncMark at="needs" quiet />
        <span>
          {t('tray.aside')} {change.setAside?.message}
        </span>
      </p>
      <Wanted change={change} />
      <div className="ends">
        <Button onClick={() => void carryOutAndSay(() => engine.retry(change.n), 'tray.aside.retried')}>
          {t('tray.aside.retry')}
        </Button>
        <Discard onDiscard={() => void carryOutAndSay(() => engine.discard(change.n), 'tray.aside.discarded')} />
      </div>
    </article>
  )
}

/** A picture whose bytes could not go up. It stays on this device; the entry says so too. */
export function AsidePicture({ upload }: { upload: StoredUpload }) {
  const engine = useEngine()
  const entry = useDex().entries.get(upload.entry)
  return (
    <article className="card clash">
      {entry && <EntryHead entry={entry} />}
      <p className="reason">
        <SyncMark at="needs" quiet />
        <span>
          {t('tray.aside.picture')} {upload.failed?.message}
        </span>
      </p>
      <div className="ends">
        <Button onClick={() => void carryOutAndSay(() => engine.retryUpload(upload.image), 'tray.aside.retried')}>
          {t('tray.aside.retry')}
        </Button>
        <Discard onDiscard={() => void carryOutAndSay(() => engine.discardUpload(upload.image), 'tray.aside.discarded')} />
      </div>
    </article>
  )
}
