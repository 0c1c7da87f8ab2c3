import type { ConflictItem } from '@biologidex/core/entries/entry'
import type { EntryOnScreen } from '@biologidex/core/sync/overlay'
import { currentValue, difference, type Marked, type Resolution, resolveDrafts } from '../../slices/entries/conflicts.ts'
import { Button } from '../../ui/button.tsx'
import { SyncMark, type SyncPlace } from '../../ui/sync-mark.tsx'
import { say } from '../../ui/toast.ts'
import { formatInstant } from '../format.ts'
import { t } from '../i18n.tsx'
import { useDex, useEngine } from '../session.tsx'
import { EntryHead } from './entry-head.tsx'
import { fieldWords, valueWords } from './value-words.ts'

function Said(props: { at: SyncPlace; who: string; text: Marked; act: string; onUse: () => void }) {
  const { before, middle, after } = props.text
  return (
    <div className="said">
      <div className="who">
        <SyncMark at={props.at} quiet />
        <span>{props.who}</span>
        <Button onClick={props.onUse}>{props.act}</Button>
      </div>
      <p>
        {before}
        {middle && <mark>{middle}</mark>}
        {after}
      </p>
    </div>
  )
}

/** A clash of one field (O4): both texts whole, the difference underlined, and a choice that is made in one touch. */
export function Clash({ conflict, entry }: { conflict: ConflictItem; entry: EntryOnScreen }) {
  const dex = useDex()
  const engine = useEngine()
  const { field, lost, device, at } = conflict
  const [stands, other] = difference(valueWords(field, currentValue(entry, field), dex), valueWords(field, lost, dex))
  const choose = (resolution: Resolution) => {
    void engine.mutate(resolveDrafts(conflict, entry, resolution)).then(() => say({ text: t('tray.clash.done') }))
  }
  return (
    <article className="card clash">
      <EntryHead entry={entry} />
      <p>{t('tray.clash', { field: fieldWords(field) })}</p>
      <Said at="server" who={t('tray.clash.stands')} text={stands} act={t('tray.clash.keep')} onUse={() => choose('stands')} />
      <Said
        at="here"
        who={t('tray.clash.device', { device, when: formatInstant(at) })}
        text={other}
        act={t('tray.clash.use')}
        onUse={() => choose('lost')}
      />
    </article>
  )
}

/** A clash whose entry is gone: what was typed is shown until it has been seen. */
export function OrphanClash({ conflict }: { conflict: ConflictItem }) {
  const dex = useDex()
  const engine = useEngine()
  const drop = () => void engine.mutate([{ type: 'conflict', id: conflict.id, op: 'delete' }])
  return (
    <article className="card clash">
      <p>{t('tray.clash.gone')}</p>
      <div className="said">
        <div className="who">{t('tray.clash.device', { device: conflict.device, when: formatInstant(conflict.at) })}</div>
        <p>{valueWords(conflict.field, conflict.lost, dex)}</p>
      </div>
      <div className="ends">
        <Button onClick={drop}>{t('tray.clash.drop')}</Button>
      </div>
    </article>
  )
}
