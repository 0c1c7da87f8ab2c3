import { same } from '@biologidex/core/json'
import { useState } from 'react'
import { formatObserved } from '../../app/format.ts'
import { readerLanguage, t } from '../../app/i18n.tsx'
import { Button } from '../../ui/button.tsx'
import { LeaveButton } from '../../ui/sheet.tsx'
import { useUnsaved } from '../../ui/unsaved.ts'
import { AnimalPicker } from '../animals/animal-picker.tsx'
import { type AnimalChoice, namesOf } from '../animals/choice.ts'
import { DateEditor } from './date-editor.tsx'
import type { EditFields } from './edit-form-state.ts'
import { EditRow } from './edit-row.tsx'
import { OutingPicker, useOutingWords } from './outing-picker.tsx'
import { PlaceEditor } from './place-editor.tsx'
import { CountFields, NoteFields } from './sighting-fields.tsx'
import { VisibilityField } from './visibility-field.tsx'
import { shortPlace } from './when-where-row.tsx'

/** What the sheet shows: the form, or one thing that needs room of its own. */
export type EditPart = 'form' | 'animal' | 'date' | 'place' | 'outing'

export interface PartProps {
  readonly fields: EditFields
  readonly patch: (change: Partial<EditFields>) => void
  readonly show: (part: EditPart) => void
}

function choiceWords(choice: AnimalChoice): string {
  const { name, latin } = namesOf(choice, readerLanguage())
  return name && latin ? `${name}, ${latin}` : (name ?? latin ?? t('entry.unnamed'))
}

/** What is chosen elsewhere: animal, date, place and outing. */
export function EditRows({ fields, show }: PartProps) {
  const { choice, observed, place, outing } = fields
  const outingWords = useOutingWords(outing)
  return (
    <div className="edit-rows">
      <EditRow icon="leaf" label={t('edit.animal')} value={choiceWords(choice)} onClick={() => show('animal')} />
      <EditRow
        icon="calendar"
        label={t('entry.fact.seen')}
        value={observed ? formatObserved(observed) : t('entry.fact.seen.none')}
        onClick={() => show('date')}
      />
      <EditRow
        icon="place"
        label={t('entry.fact.place')}
        value={place ? shortPlace(place) : t('entry.fact.place.none')}
        onClick={() => show('place')}
      />
      <EditRow icon="outing" label={t('outing')} value={outingWords} onClick={() => show('outing')} />
    </div>
  )
}

/** What is typed or ticked right here. */
export function EditFieldsPart({ fields, patch }: PartProps) {
  return (
    <>
      <NoteFields fields={fields} patch={patch} />
      <CountFields fields={fields} patch={patch} />
      <VisibilityField value={fields.visibility} onChange={(visibility) => patch({ visibility })} />
    </>
  )
}

function AnimalPart({ fields, patch, show }: PartProps) {
  const [choice, setChoice] = useState(fields.choice)
  useUnsaved(!same(choice, fields.choice))
  const done = () => {
    patch({ choice })
    show('form')
  }
  return (
    <>
      <AnimalPicker label={t('capture.which')} value={choice} onChange={setChoice} />
      <div className="ends">
        <LeaveButton>{t('ui.back')}</LeaveButton>
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
  if (part === 'outing') return <OutingPicker value={fields.outing} onDone={(outing) => done({ outing })} />
  return part === 'date' ? (
    <DateEditor value={fields.observed} onDone={(observed) => done({ observed })} />
  ) : (
    <PlaceEditor value={fields.place} onDone={(place) => done({ place })} />
  )
}
