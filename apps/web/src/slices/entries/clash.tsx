import type { ConflictItem } from '@biologidex/core/entries/entry'
import type { Json } from '@biologidex/core/json'
import { subjectOfClash } from '@biologidex/core/sync/merge'
import { announce } from '../../app/announce.tsx'
import { carryOut } from '../../app/carry-out.ts'
import { formatInstant } from '../../app/format.ts'
import { t } from '../../app/i18n.tsx'
import { Picture } from '../../app/picture.tsx'
import type { PictureAt } from '../../app/pictures.ts'
import { useDex, useEngine } from '../../app/session.tsx'
import { fieldWords, pictureOf, pictureWords, valueWords } from '../../app/tray/value-words.ts'
import { Button } from '../../ui/button.tsx'
import { SyncMark, type SyncPlace } from '../../ui/sync-mark.tsx'
import { pictureAt } from '../images/entry-thumb.tsx'
import { bothTexts, currentValue, difference, type Marked, type Resolution, resolveDrafts } from './conflicts.ts'
import { change } from './entries.actions.ts'
import './clash.css'

interface SaidProps {
  readonly at: SyncPlace
  readonly who: string
  readonly text: Marked
  readonly picture?: PictureAt | undefined
  readonly act: string
  readonly onUse: () => void
}

/** One side of a clash, whole, and the button that takes it. */
export function Said(props: SaidProps) {
  const { before, middle, after } = props.text
  return (
    <div className="said">
      <div className="who">
        <SyncMark at={props.at} quiet />
        <span>{props.who}</span>
        <Button onClick={props.onUse}>{props.act}</Button>
      </div>
      {props.picture && <Picture at={props.picture} alt="" />}
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
  const entry = field === 'primaryImage' ? dex.entries.get(conflict.entry) : undefined
  const words = (value: Json) => (entry ? pictureWords(entry, value) : valueWords(field, value, dex))
  const picture = (value: Json) => {
    const image = entry && pictureOf(entry, value)
    return image && pictureAt(dex.account, conflict.entry, image, 'wall')
  }
  const [stands, other] = difference(words(current), words(lost))
  const who = t('tray.clash.device', { device, when: formatInstant(at) })
  return (
    <>
      <p>{t('tray.clash', { field: fieldWords(conflict.field) })}</p>
      <Said
        at="server"
        who={t('tray.clash.stands')}
        text={stands}
        picture={picture(current)}
        act={t('tray.clash.keep')}
        onUse={() => void choose('stands')}
      />
      <Said
        at="here"
        who={who}
        text={other}
        picture={picture(lost)}
        act={t('tray.clash.use')}
        onUse={() => void choose('lost')}
      />
      {bothTexts(conflict, current) !== undefined && (
        <div className="ends">
          <Button onClick={() => void choose('both')}>{t('tray.clash.both')}</Button>
        </div>
      )}
    </>
  )
}
