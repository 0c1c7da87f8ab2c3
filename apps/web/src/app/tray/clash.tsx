import type { ConflictItem } from '@biologidex/core/entries/entry'
import { Clash } from '../../slices/entries/clash.tsx'
import { useDex } from '../session.tsx'
import { EntryHead } from './entry-head.tsx'

/** A clash as a card of the tray, with the entry that it is about. */
export function ClashCard({ conflict }: { conflict: ConflictItem }) {
  const { entries } = useDex()
  const entry = entries.get(conflict.entry)
  return (
    <article className="card clash">
      {entry && <EntryHead entry={entry} />}
      <Clash conflict={conflict} />
    </article>
  )
}
