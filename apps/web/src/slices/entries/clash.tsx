import type { ConflictItem } from '@biologidex/core/entries/entry'
import { subjectOfClash } from '@biologidex/core/sync/merge'
import { announce } from '../../app/announce.tsx'
import { carryOut } from '../../app/carry-out.ts'
import { formatInstant } from '../../app/format.ts'
import { t } from '../../app/i18n.tsx'
import { useDex, useEngine } from '../../app/session.tsx'
import { fieldWords, valueWords } from '../../app/tray/value-words.ts'
import { Button } from '../../ui/button.tsx'
import { SyncMark, type SyncPlace } from '../../ui/sync-mark.tsx'
import { bothTexts, currentValue, difference, type Marked, type Resolution, resolveDrafts } from './conflicts.ts'
import { change } from './entries.actions.ts'
import './clash.css'

/** One side of a clash, whole, and the button that takes it. */
export function Said(props: { at: SyncPlace; who: string; text: Marked; act: string; onUse: () => void }) {
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

/** What was typed and did not stand, of a thing that is no longer here: shown until it has been seen. */
function Alone({ conflict, onDrop }: { conflict: ConflictItem; onDrop: () => void }) {
  const dex = useDex()
  const { field, lost, device, at } = conflict
  return (
    <>
      <p>{t('tray.clash.gone')}</p>
      <div className="said">
        <div className="who">{t('tray.clash.device', { device, when: formatInstant(at) })}</div>
        <p>{valueWords(subjectOfClash({ entry: '', field }).field, lost, dex)}</p>
      </div>
      <div className="ends">
        <Button onClick={onDrop}>{t('tray.clash.drop')}</Button>
      </div>
    </>
  )
}

/** A clash of one field (O4): both sides whole, the difference underlined, and a choice that is made in one touch. */
export function Clash({ conflict }: { conflict: ConflictItem }) {
  const dex = useDex()
  const engine = useEngine()
  const { lost, device, at } = conflict
  const { field } = subjectOfClash(conflict)
  const current = currentValue(conflict, dex)
  const choose = async (resolution: Resolution) => {
    if (await carryOut(() => change(engine, resolveDrafts(conflict, current, resolution)))) announce(t('tray.clash.done'))
  }
  if (current === undefined) return <Alone conflict={conflict} onDrop={() => void choose('stands')} />
  const [stands, other] = difference(valueWords(field, current, dex), valueWords(field, lost, dex))
  const who = t('tray.clash.device', { device, when: formatInstant(at) })
  return (
    <>
      <p>{t('tray.clash', { field: fieldWords(conflict.field) })}</p>
      <Said
        at="server"
        who={t('tray.clash.stands')}
        text={stands}
        act={t('tray.clash.keep')}
        onUse={() => void choose('stands')}
      />
      <Said at="here" who={who} text={other} act={t('tray.clash.use')} onUse={() => void choose('lost')} />
      {bothTexts(conflict, current) !== undefined && (
        <div className="ends">
          <Button onClick={() => void choose('both')}>{t('tray.clash.both')}</Button>
        </div>
      )}
    </>
  )
}
