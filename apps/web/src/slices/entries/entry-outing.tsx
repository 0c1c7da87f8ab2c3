import type { EntryOnScreen, OutingOnScreen } from '@biologidex/core/sync/overlay'
import { Link } from '@tanstack/react-router'
import { useMemo, useState } from 'react'
import { t } from '../../app/i18n.tsx'
import { useAccount, useDex } from '../../app/session.tsx'
import { Button } from '../../ui/button.tsx'
import { Icon } from '../../ui/icon.tsx'
import { useNaming } from '../animals/use-naming.ts'
import { EntryThumb } from '../images/entry-thumb.tsx'
import { ownName } from './drafts.ts'
import { outingName } from './outing-name.ts'
import { OutingSheet } from './outing-sheet.tsx'
import { othersOf } from './outings.ts'
import './outing.css'

function Other({ entry }: { entry: EntryOnScreen }) {
  const dex = useAccount()
  const { name, latin } = useNaming(entry, ownName(entry))
  return (
    <li>
      <Link to="/entry/$id" params={{ id: entry.id }}>
        <EntryThumb dex={dex} entry={entry} />
        <span className={name || !latin ? 'small' : 'small sci'}>{name ?? latin ?? t('entry.unnamed')}</span>
      </Link>
    </li>
  )
}

function Outing({ entry, outing }: { entry: EntryOnScreen; outing: OutingOnScreen }) {
  const { entries } = useDex()
  const [editing, setEditing] = useState(false)
  const others = useMemo(() => othersOf(entry, entries), [entry, entries])
  const close = () => setEditing(false)
  return (
    <section className="entry-outing">
      <h2>{t('outing')}</h2>
      <div className="outing-head">
        <Icon name="outing" />
        <p className="name">{outingName(outing, [entry, ...others])}</p>
        <Button shape="square" aria-label={t('outing.edit')} onClick={() => setEditing(true)}>
          <Icon name="edit" />
        </Button>
      </div>
      {outing.note && <p className="note">{outing.note}</p>}
      {others.length > 0 ? (
        <ul className="outing-others" aria-label={t('outing.others')}>
          {others.map((other) => (
            <Other key={other.id} entry={other} />
          ))}
        </ul>
      ) : (
        <p className="small soft">{t('outing.alone')}</p>
      )}
      <OutingSheet key={outing.id} outing={outing} open={editing} onClose={close} />
    </section>
  )
}

/** The outing that an entry is part of, with its other sightings; nothing where there is none. */
export function EntryOuting({ entry }: { entry: EntryOnScreen }) {
  const { outings } = useDex()
  const outing = entry.outing ? outings.get(entry.outing) : undefined
  return outing ? <Outing entry={entry} outing={outing} /> : null
}
