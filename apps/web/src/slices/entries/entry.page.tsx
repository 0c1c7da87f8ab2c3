import type { EntryOnScreen } from '@biologidex/core/sync/overlay'
import { useReducer, useRef, useState } from 'react'
import { t } from '../../app/i18n.tsx'
import { Notice } from '../../app/notice.tsx'
import { useDex, useOther } from '../../app/session.tsx'
import { WallLink } from '../../app/ways.tsx'
import { buttonClass } from '../../ui/button.tsx'
import { SheetHoldContext } from '../../ui/sheet-hold.ts'
import { useNaming } from '../animals/use-naming.ts'
import { PictureRow, PictureStrip } from '../images/picture-strip.tsx'
import { useShownPicture } from '../images/use-shown-picture.ts'
import { conflictsOf } from './conflicts.ts'
import { ownName } from './drafts.ts'
import { EditSheet } from './edit-sheet.tsx'
import { EntryActs, OtherEntryActs } from './entry-acts.tsx'
import { EntryCard } from './entry-card.tsx'
import { EntryConflicts } from './entry-conflicts.tsx'
import { EntryFacts } from './entry-facts.tsx'
import { EntryHero } from './entry-hero.tsx'
import { EntryHistory } from './entry-history.tsx'
import { EntryOuting } from './entry-outing.tsx'
import { HistorySheet } from './history-sheet.tsx'
import { NameSheet } from './name-sheet.tsx'
import { OtherFacts } from './other-facts.tsx'
import './entry.css'

/** An entry that is not here: deleted, or the dex is still on its way. */
function Missing({ arriving }: { arriving: boolean }) {
  return (
    <div className="entry-missing">
      <Notice
        title={t(arriving ? 'entry.arriving.title' : 'entry.notFound.title')}
        text={t(arriving ? 'entry.arriving.text' : 'entry.notFound.text')}
      >
        <WallLink className={buttonClass({})}>{t('entry.toWall')}</WallLink>
      </Notice>
    </div>
  )
}

function Notes({ entry }: { entry: EntryOnScreen }) {
  return (
    <>
      {entry.note && (
        <section>
          <h2>{t('entry.note')}</h2>
          <p className="note">{entry.note}</p>
        </section>
      )}
      {entry.privateNote && (
        <section>
          <h2>{t('entry.privateNote')}</h2>
          <p className="note private">{entry.privateNote}</p>
          <p className="small soft">{t('entry.privateNote.hint')}</p>
        </section>
      )}
    </>
  )
}

function Shown({ entry }: { entry: EntryOnScreen }) {
  const { conflicts } = useDex()
  const [open, setOpen] = useState<'edit' | 'name' | 'history'>()
  const close = () => setOpen(undefined)
  const naming = useNaming(entry, ownName(entry))
  const clashes = conflictsOf(conflicts, entry.id)
  const shown = useShownPicture(entry)
  return (
    <article className="entry">
      <EntryHero entry={entry} name={naming.name ?? naming.latin} shown={shown} />
      <EntryCard entry={entry} naming={naming} clashes={clashes.length} onName={() => setOpen('name')} />
      <div className="entry-body">
        <PictureStrip entry={entry} shown={shown} />
        {clashes.length > 0 && <EntryConflicts conflicts={clashes} />}
        <EntryFacts entry={entry} naming={naming} />
        <Notes entry={entry} />
        <EntryOuting entry={entry} />
        <EntryHistory entry={entry} onAll={() => setOpen('history')} />
      </div>
      <EntryActs entry={entry} onEdit={() => setOpen('edit')} />
      <EditSheet entry={entry} open={open === 'edit'} onClose={close} />
      <NameSheet entry={entry} open={open === 'name'} onClose={close} />
      <HistorySheet entry={entry} open={open === 'history'} onClose={close} />
    </article>
  )
}

/** An entry of another's dex: what they show of it, and nothing that could change it. */
function OthersEntry({ entry }: { entry: EntryOnScreen }) {
  const naming = useNaming(entry, undefined)
  const shown = useShownPicture(entry)
  return (
    <article className="entry">
      <EntryHero entry={entry} name={naming.name ?? naming.latin} shown={shown} />
      <EntryCard entry={entry} naming={naming} clashes={0} />
      <div className="entry-body">
        <PictureRow entry={entry} shown={shown} />
        <OtherFacts entry={entry} />
        <Notes entry={entry} />
      </div>
      <OtherEntryActs />
    </article>
  )
}

/** One entry of the dex on screen: the picture large, all that is known of it, and in one's own what can be done with it. */
export function EntryPage({ id }: { id: string }) {
  const { entries, complete } = useDex()
  const other = useOther()
  const entry = entries.get(id)
  const last = useRef(entry)
  if (entry) last.current = entry
  const [sheets, count] = useReducer((open: number, by: 1 | -1) => open + by, 0)
  // Deleted elsewhere while somebody is at work here: what they type brings it back (O5), what they choose waits in the tray.
  const shown = entry ?? (sheets > 0 && !other ? last.current : undefined)
  if (!shown) return <Missing arriving={!complete} />
  if (other) return <OthersEntry entry={shown} />
  return (
    <SheetHoldContext value={count}>
      <Shown entry={shown} />
    </SheetHoldContext>
  )
}
