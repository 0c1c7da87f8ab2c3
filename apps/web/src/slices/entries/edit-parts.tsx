import { LIMITS } from '@biologidex/core/limits'
import { useState } from 'react'
import { formatObserved } from '../../app/format.ts'
import { readerLanguage, t } from '../../app/i18n.tsx'
import { Button } from '../../ui/button.tsx'
import { TextArea, TextField } from '../../ui/field.tsx'
import { Icon, type IconName } from '../../ui/icon.tsx'
import { AnimalPicker } from '../animals/animal-picker.tsx'
import { type AnimalChoice, namesOf } from '../animals/choice.ts'
import { DateEditor } from './date-editor.tsx'
import { countOf, type EditFields } from './edit-form-state.ts'
import { PlaceEditor } from './place-editor.tsx'
import { VisibilityField } from './visibility-field.tsx'
import { shortPlace } from './when-where-row.tsx'

/** What the sheet shows: the form, or one thing that needs room of its own. */
export type EditPart = 'form' | 'animal' | 'date' | 'place'

export interface PartProps {
  readonly fields: EditFields
  readonly patch: (change: Partial<EditFields>) => void
  readonly show: (part: EditPart) => void
}

function choiceWords(choice: AnimalChoice): string {
  const { name, latin } = namesOf(choice, readerLanguage())
  return name && latin ? `${name}, ${latin}` : (name ?? latin ?? t('entry.unnamed'))
}

function Row(props: { icon: IconName; label: string; value: string; onClick: () => void }) {
  return (
    <button type="button" className="edit-row" onClick={props.onClick}>
      <Icon name={props.icon} />
      <span>
        <span className="small soft">{props.label}</span>
        <span className="value">{props.value}</span>
      </span>
      <Icon name="edit" small />
    </button>
  )
}

/** What is chosen elsewhere: animal, date and place. */
export function EditRows({ fields, show }: PartProps) {
  const { choice, observed, place } = fields
  return (
    <div className="edit-rows">
      <Row icon="leaf" label={t('edit.animal')} value={choiceWords(choice)} onClick={() => show('animal')} />
      <Row
        icon="calendar"
        label={t('entry.fact.seen')}
        value={observed ? formatObserved(observed) : t('entry.fact.seen.none')}
        onClick={() => show('date')}
      />
      <Row
        icon="place"
        label={t('entry.fact.place')}
        value={place ? shortPlace(place) : t('entry.fact.place.none')}
        onClick={() => show('place')}
      />
    </div>
  )
}

/** What is typed or ticked right here. */
export function EditFieldsPart({ fields, patch }: PartProps) {
  const wrongCount = countOf(fields.count) === undefined ? { wrong: t('edit.count.wrong') } : {}
  return (
    <>
      <TextArea
        label={t('entry.note')}
        hint={t('edit.note.hint')}
        value={fields.note}
        maxLength={LIMITS.noteChars}
        onChange={(event) => patch({ note: event.target.value })}
      />
      <TextArea
        label={t('entry.privateNote')}
        hint={t('entry.privateNote.hint')}
        value={fields.privateNote}
        maxLength={LIMITS.noteChars}
        onChange={(event) => patch({ privateNote: event.target.value })}
      />
      <VisibilityField value={fields.visibility} onChange={(visibility) => patch({ visibility })} />
      <TextField
        label={t('edit.count')}
        inputMode="numeric"
        autoComplete="off"
        value={fields.count}
        onChange={(event) => patch({ count: event.target.value })}
        {...wrongCount}
      />
      <label className="tick">
        <input type="checkbox" checked={fields.captive} onChange={(event) => patch({ captive: event.target.checked })} />
        {t('edit.captive')}
      </label>
    </>
  )
}

function AnimalPart({ fields, patch, show }: PartProps) {
  const [choice, setChoice] = useState(fields.choice)
  const done = () => {
    patch({ choice })
    show('form')
  }
  return (
    <>
      <AnimalPicker label={t('capture.which')} value={choice} onChange={setChoice} />
      <div className="ends">
        <Button onClick={() => show('form')}>{t('ui.back')}</Button>
        <Button kind="go" onClick={done}>
          {t('edit.choose')}
        </Button>
      </div>
    </>
  )
}

/** One date or place at a time, over the form; what is done there is not stored before the form is saved. */
export function OnePart({ part, ...rest }: PartProps & { part: Exclude<EditPart, 'form'> }) {
  const { fields, patch, show } = rest
  if (part === 'animal') return <AnimalPart {...rest} />
  const done = (change: Partial<EditFields>) => {
    patch(change)
    show('form')
  }
  return part === 'date' ? (
    <DateEditor value={fields.observed} onDone={(observed) => done({ observed })} />
  ) : (
    <PlaceEditor value={fields.place} onDone={(place) => done({ place })} />
  )
}
