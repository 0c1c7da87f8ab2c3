import { LIMITS } from '@biologidex/core/limits'
import type { EntryOnScreen } from '@biologidex/core/sync/overlay'
import { type FormEvent, useState } from 'react'
import { formatObserved } from '../../app/format.ts'
import { readerLanguage, t } from '../../app/i18n.tsx'
import { useDex } from '../../app/session.tsx'
import { Button } from '../../ui/button.tsx'
import { TextArea, TextField } from '../../ui/field.tsx'
import { Icon, type IconName } from '../../ui/icon.tsx'
import { Sheet } from '../../ui/sheet.tsx'
import { AnimalPicker } from '../animals/animal-picker.tsx'
import { type AnimalChoice, namesOf } from '../animals/choice.ts'
import { choiceOf } from '../animals/recents.ts'
import { DateEditor } from './date-editor.tsx'
import { ownName, reidentifyDraft } from './drafts.ts'
import { countOf, type EditFields, editOf, fieldsOfEntry } from './edit-form-state.ts'
import { editDraft } from './edits.ts'
import { sayingNow } from './entries.actions.ts'
import { PlaceEditor } from './place-editor.tsx'
import { useChange } from './use-change.ts'
import { VisibilityField } from './visibility-field.tsx'
import { shortPlace } from './when-where-row.tsx'
import './editors.css'

/** What the sheet shows: the form, or one thing that needs room of its own. */
type Part = 'form' | 'animal' | 'date' | 'place'

interface PartProps {
  readonly fields: EditFields
  readonly patch: (change: Partial<EditFields>) => void
  readonly show: (part: Part) => void
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

function Rows({ fields, show }: PartProps) {
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

function Fields({ fields, patch }: PartProps) {
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
function OnePart({ part, ...rest }: PartProps & { part: Exclude<Part, 'form'> }) {
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

const TITLES = { form: 'edit.title', animal: 'capture.which', date: 'date.title', place: 'place.title' } as const

function EditForm({
  entry,
  part,
  show,
  onClose,
}: {
  entry: EntryOnScreen
  part: Part
  show: (part: Part) => void
  onClose: () => void
}) {
  const { profile, animal } = useDex()
  // What the person saw when they began: a change that arrives meanwhile must not be overwritten unseen (O4).
  const [seen] = useState(entry)
  const [fields, setFields] = useState(() => fieldsOfEntry(seen, choiceNow(seen, animal)))
  const patch = (change: Partial<EditFields>) => setFields((before) => ({ ...before, ...change }))
  const { carryOut, remove } = useChange(seen)
  const save = async (event: FormEvent) => {
    event.preventDefault()
    const edit = editOf(fields)
    if (!edit) return
    const named = reidentifyDraft(seen, fields.choice, sayingNow(profile?.displayName))
    if (await carryOut([editDraft(seen, edit), named])) onClose()
  }
  const props = { fields, patch, show }
  if (part !== 'form') return <OnePart part={part} {...props} />
  return (
    <form className="editor" onSubmit={(event) => void save(event)} noValidate>
      <Rows {...props} />
      <Fields {...props} />
      <div className="ends">
        <Button kind="danger" className="delete" onClick={() => void remove()}>
          <Icon name="trash" />
          {t('entry.delete')}
        </Button>
        <Button onClick={onClose}>{t('ui.cancel')}</Button>
        <Button type="submit" kind="go">
          {t('edit.save')}
        </Button>
      </div>
    </form>
  )
}

function choiceNow(entry: EntryOnScreen, animal: Parameters<typeof choiceOf>[1]): AnimalChoice {
  const own = ownName(entry)
  return choiceOf(entry, animal) ?? (own === undefined ? { kind: 'unsure' } : { kind: 'text', text: own })
}

/** Everything of an entry that can be changed, saved together; and deleting it. */
export function EditSheet({ entry, open, onClose }: { entry: EntryOnScreen; open: boolean; onClose: () => void }) {
  const [part, show] = useState<Part>('form')
  const close = () => {
    show('form')
    onClose()
  }
  return (
    <Sheet open={open} onClose={part === 'form' ? close : () => show('form')} title={t(TITLES[part])}>
      <EditForm entry={entry} part={part} show={show} onClose={close} />
    </Sheet>
  )
}
