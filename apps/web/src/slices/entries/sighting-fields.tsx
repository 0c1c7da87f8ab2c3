import { LIMITS } from '@biologidex/core/limits'
import { t } from '../../app/i18n.tsx'
import { TextArea } from '../../ui/field.tsx'
import { CountField } from './count-field.tsx'
import './editors.css'

/** What a sighting may say besides animal, date and place; `count` as it is typed. */
export interface SightingFields {
  readonly note: string
  readonly privateNote: string
  readonly count: string
  readonly captive: boolean
}

export interface SightingFieldsProps<T extends SightingFields> {
  readonly fields: T
  readonly patch: (change: Partial<SightingFields>) => void
}

/** The note for all who see the entry, and the one that is nobody else's. */
export function NoteFields<T extends SightingFields>({ fields, patch }: SightingFieldsProps<T>) {
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
        className="private-area"
        label={t('entry.privateNote')}
        hint={t('entry.privateNote.hint')}
        value={fields.privateNote}
        maxLength={LIMITS.noteChars}
        onChange={(event) => patch({ privateNote: event.target.value })}
      />
    </>
  )
}

/** How many there were, and whether they were wild. */
export function CountFields<T extends SightingFields>({ fields, patch }: SightingFieldsProps<T>) {
  return (
    <>
      <CountField value={fields.count} onChange={(count) => patch({ count })} />
      <label className="tick">
        <input type="checkbox" checked={fields.captive} onChange={(event) => patch({ captive: event.target.checked })} />
        {t('edit.captive')}
      </label>
    </>
  )
}
