import type { ConflictItem } from '@biologidex/core/entries/entry'
import type { EntryOnScreen } from '@biologidex/core/sync/overlay'
import { announce } from '../../app/announce.tsx'
import { formatInstant } from '../../app/format.ts'
import { t } from '../../app/i18n.tsx'
import { useDex } from '../../app/session.tsx'
import { fieldWords, valueWords } from '../../app/tray/value-words.ts'
import { Button } from '../../ui/button.tsx'
import { SyncMark, type SyncPlace } from '../../ui/sync-mark.tsx'
import { bothTexts, currentValue, difference, type Marked, type Resolution, resolveDrafts } from './conflicts.ts'
import { useChange } from './use-change.ts'

function Said(props: { at: SyncPlace; who: string; text: Marked; onUse: () => void }) {
  const { before, middle, after } = props.text
  return (
    <div className="said">
      <div className="who">
        <SyncMark at={props.at} quiet />
        <span>{props.who}</span>
        <Button onClick={props.onUse}>{t('tray.clash.use')}</Button>
      </div>
      <p>
        {before}
        {middle && <mark>{middle}</mark>}
        {after}
      </p>
    </div>
  )
}

function Clash({ entry, conflict }: { entry: EntryOnScreen; conflict: ConflictItem }) {
  const dex = useDex()
  const { carryOut } = useChange(entry)
  const { field, lost, device, at } = conflict
  const current = currentValue(entry, field)
  const [stands, other] = difference(valueWords(field, current, dex), valueWords(field, lost, dex))
  const choose = async (resolution: Resolution) => {
    if (await carryOut(resolveDrafts(conflict, entry, resolution))) announce(t('tray.clash.done'))
  }
  const who = t('tray.clash.device', { device, when: formatInstant(at) })
  return (
    <div className="one-clash">
      <p>{t('tray.clash', { field: fieldWords(field) })}</p>
      <Said at="server" who={t('tray.clash.stands')} text={stands} onUse={() => void choose('stands')} />
      <Said at="here" who={who} text={other} onUse={() => void choose('lost')} />
      {bothTexts(conflict, current) !== undefined && (
        <Button kind="go" onClick={() => void choose('both')}>
          {t('clash.both')}
        </Button>
      )}
    </div>
  )
}

/** What two devices said differently of this entry: both whole, either to be chosen, nothing lost until then (O4). */
export function EntryConflicts({ entry, conflicts }: { entry: EntryOnScreen; conflicts: readonly ConflictItem[] }) {
  return (
    <section id="needs-you" className="clashes">
      <h2>{t('tray.title')}</h2>
      {conflicts.map((conflict) => (
        <Clash key={conflict.id} entry={entry} conflict={conflict} />
      ))}
    </section>
  )
}
