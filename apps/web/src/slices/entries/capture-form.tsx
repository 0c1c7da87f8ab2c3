import { DEFAULT_SETTINGS } from '@biologidex/core/accounts/account'
import type { Visibility } from '@biologidex/core/entries/entry'
import { LIMITS } from '@biologidex/core/limits'
import type { EntryOnScreen } from '@biologidex/core/sync/overlay'
import { useNavigate } from '@tanstack/react-router'
import { useId, useState } from 'react'
import { readerLanguage, t } from '../../app/i18n.tsx'
import { useDex } from '../../app/session.tsx'
import { Button } from '../../ui/button.tsx'
import { TextArea } from '../../ui/field.tsx'
import { Icon } from '../../ui/icon.tsx'
import { SyncMark } from '../../ui/sync-mark.tsx'
import { AnimalPicker } from '../animals/animal-picker.tsx'
import { useKept } from '../animals/animals.queries.ts'
import { type AnimalChoice, namesOf } from '../animals/choice.ts'
import { choiceOf } from '../animals/recents.ts'
import type { Shot } from '../images/use-shot.ts'
import { useKeep } from './use-keep.ts'
import { useWhenWhere } from './use-when-where.ts'
import { VisibilityField } from './visibility-field.tsx'
import { WhenWhereRow } from './when-where-row.tsx'

/** What the Keep button says it keeps. */
function keepLabel(choice: AnimalChoice): string {
  const { name, latin } = namesOf(choice, readerLanguage())
  if (choice.kind === 'text') return t('capture.keep.text', { name: choice.text })
  const called = name ?? latin
  return called ? t('capture.keep', { name: called }) : t('capture.keep.unsure')
}

interface MoreProps {
  readonly note: string
  readonly setNote: (note: string) => void
  readonly visibility: Visibility
  readonly setVisibility: (visibility: Visibility) => void
}

/** What most captures leave as it is. */
function More({ note, setNote, visibility, setVisibility }: MoreProps) {
  return (
    <details className="more">
      <summary>
        {t('capture.more')}
        <Icon name="down" />
      </summary>
      <TextArea
        label={t('entry.note')}
        hint={t('edit.note.hint')}
        value={note}
        maxLength={LIMITS.noteChars}
        onChange={(event) => setNote(event.target.value)}
      />
      <VisibilityField value={visibility} onChange={setVisibility} />
    </details>
  )
}

function KeepBar(props: { label: string; keeping: boolean; failed: string | undefined; onKeep: () => void }) {
  const navigate = useNavigate()
  const words = useId()
  return (
    <div className="keep-bar">
      {props.failed && (
        <p className="wrong-line" role="alert">
          <Icon name="warning" small />
          {props.failed}
        </p>
      )}
      <div className="acts">
        <Button shape="square" aria-label={t('capture.cancel')} onClick={() => void navigate({ to: '/' })}>
          <Icon name="close" />
        </Button>
        <Button
          kind="go"
          shape="round"
          className="keep"
          aria-describedby={words}
          disabled={props.keeping}
          onClick={props.onKeep}
        >
          {props.keeping ? t('capture.keeping') : props.label}
        </Button>
      </div>
      <p className="small soft safe" id={words}>
        <SyncMark at="here" quiet />
        {t('capture.safe')}
      </p>
    </div>
  )
}

/** All that is said of a photo before it is kept. `again`: an entry whose animal was met once more. */
export function CaptureForm(props: { shot: Shot; again: EntryOnScreen | undefined }) {
  const { shot, again } = props
  const { profile, animal } = useDex()
  const hasKept = useKept().size > 0
  const whenWhere = useWhenWhere(shot)
  const [choice, setChoice] = useState<AnimalChoice>(() => (again && choiceOf(again, animal)) ?? { kind: 'unsure' })
  const [note, setNote] = useState('')
  const [chosen, setVisibility] = useState<Visibility>()
  const visibility = chosen ?? (profile?.settings ?? DEFAULT_SETTINGS).visibility
  const { keeping, failed, keep } = useKeep()
  const { when, where } = whenWhere
  const onKeep = () => void keep(shot, { choice, observed: when.value, place: where.value, visibility, note, privateNote: '' })
  return (
    <div className="say">
      <WhenWhereRow {...whenWhere} />
      <div className="ask">
        <h1>{t('capture.which')}</h1>
        <p className="soft small">{t(hasKept ? 'capture.which.text' : 'capture.which.first')}</p>
        <AnimalPicker label={t('capture.which')} value={choice} onChange={setChoice} />
        <More note={note} setNote={setNote} visibility={visibility} setVisibility={setVisibility} />
      </div>
      <KeepBar label={keepLabel(choice)} keeping={keeping} failed={failed} onKeep={onKeep} />
    </div>
  )
}
