import type { StoredMutation, StoredUpload } from '@biologidex/client/ports'
import type { Json } from '@biologidex/core/json'
import { useState } from 'react'
import { restoreEntry } from '../../slices/entries/entries.actions.ts'
import { Button } from '../../ui/button.tsx'
import { LeaveButton, Sheet } from '../../ui/sheet.tsx'
import { SyncMark } from '../../ui/sync-mark.tsx'
import { say } from '../../ui/toast.ts'
import { carryOut } from '../carry-out.ts'
import { type MessageId, t } from '../i18n.tsx'
import { Picture } from '../picture.tsx'
import { useDex, useEngine } from '../session.tsx'
import { type About, aboutOf, entryOf } from './about.ts'
import { EntryHead } from './entry-head.tsx'
import { PeopleWanted } from './people-wanted.tsx'
import { fieldWords, valueWords } from './value-words.ts'

const DEEDS: Readonly<Record<StoredMutation['op'], MessageId>> = {
  create: 'tray.aside.create',
  update: 'tray.aside.update',
  delete: 'tray.aside.delete',
  restore: 'tray.aside.restore',
}

/** Which picture, as this device has it. */
function WantedPicture({ entry, image }: { entry: string | undefined; image: string }) {
  const { account } = useDex()
  return (
    <div className="picture-said">
      <Picture at={entry === undefined ? undefined : { dex: account, entry, image, rendition: 'wall' }} alt="" />
      <p>{t('tray.aside.image')}</p>
    </div>
  )
}

/** What was typed, by its field: of a picture its description alone, its other fields say nothing to people. */
function typedIn({ type, set = {} }: StoredMutation): [string, Json][] {
  return Object.entries(set).flatMap(([field, value]): [string, Json][] => {
    if (type === 'image' && field !== 'alt') return []
    if ('to' in value) return value.to === null || value.to === false ? [] : [[field, value.to]]
    // An animal that was named in words of one's own.
    const said = (value.add ?? []).flatMap((one) => (one as { text?: Json } | null)?.text ?? [])
    return said.map((text) => [field, text])
  })
}

/** What of a thing that is not the entry itself a field is called by. */
const fullName = ({ type, id }: StoredMutation, field: string): string =>
  type === 'outing' || type === 'image' ? `${type}/${id}/${field}` : field

function Wanted({ change }: { change: StoredMutation }) {
  const dex = useDex()
  if (change.type === 'friend' || change.type === 'block') return <PeopleWanted change={change} />
  const said = typedIn(change)
  const picture = change.type === 'image' && <WantedPicture entry={entryOf(change, dex)} image={change.id} />
  if (picture && said.length === 0) return picture
  return (
    <>
      {picture}
      <dl className="said">
        {!picture && <dt>{t(change.type === 'outing' ? 'outing' : DEEDS[change.op])}</dt>}
        {said.map(([field, value]) => (
          <div key={field}>
            <dt>{fieldWords(fullName(change, field))}</dt>
            <dd>{valueWords(field, value, dex)}</dd>
          </div>
        ))}
      </dl>
    </>
  )
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
          <LeaveButton>{t('ui.cancel')}</LeaveButton>
          <Button kind="danger" onClick={onDiscard}>
            {t('tray.aside.discard')}
          </Button>
        </div>
      </Sheet>
    </>
  )
}

/** Why something waits here, in the server's words, or because its entry was deleted meanwhile. */
function Reason({ about, said }: { about: About | undefined; said: string }) {
  return (
    <>
      {about && <EntryHead entry={about.entry} deleted={about.deleted} />}
      <p className="reason">
        <SyncMark at="needs" quiet />
        <span>{about?.deleted ? t('tray.aside.trashed') : said}</span>
      </p>
    </>
  )
}

interface DeedsProps {
  readonly about: About | undefined
  readonly retry: () => Promise<void>
  readonly discard: () => Promise<void>
}

/** What can be done: trying again, where its entry lies in the trash with that brought back first, and letting it go. */
function Deeds({ about, retry, discard }: DeedsProps) {
  const engine = useEngine()
  const again = async () => {
    if (about?.deleted) await restoreEntry(engine, about.entry.id)
    await retry()
  }
  return (
    <div className="ends">
      <Button onClick={() => void carryOutAndSay(again, 'tray.aside.retried')}>
        {t(about?.deleted ? 'tray.aside.restoreFirst' : 'tray.aside.retry')}
      </Button>
      <Discard onDiscard={() => void carryOutAndSay(discard, 'tray.aside.discarded')} />
    </div>
  )
}

/** A change that could not be carried out (O6): why, what was wanted, and what can be done. */
export function AsideChange({ change }: { change: StoredMutation }) {
  const dex = useDex()
  const engine = useEngine()
  const about = aboutOf(entryOf(change, dex), dex)
  return (
    <article className="card clash">
      <Reason about={about} said={`${t('tray.aside')} ${change.setAside?.message ?? ''}`} />
      <Wanted change={change} />
      <Deeds about={about} retry={() => engine.retry(change.n)} discard={() => engine.discard(change.n)} />
    </article>
  )
}

/** A picture whose bytes could not go up. It stays on this device; the entry says so too. */
export function AsidePicture({ upload: { image, entry, failed } }: { upload: StoredUpload }) {
  const dex = useDex()
  const engine = useEngine()
  const about = aboutOf(entry, dex)
  return (
    <article className="card clash">
      <Reason about={about} said={`${t('tray.aside.picture')} ${failed?.message ?? ''}`} />
      <WantedPicture entry={entry} image={image} />
      <Deeds about={about} retry={() => engine.retryUpload(image)} discard={() => engine.discardUpload(image)} />
    </article>
  )
}
