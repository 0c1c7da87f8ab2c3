import { same } from '@biologidex/core/json'
import type { EntryOnScreen } from '@biologidex/core/sync/overlay'
import { type FormEvent, useState } from 'react'
import { t } from '../../app/i18n.tsx'
import { useDex } from '../../app/session.tsx'
import { Button } from '../../ui/button.tsx'
import { Icon } from '../../ui/icon.tsx'
import { LeaveButton, Sheet } from '../../ui/sheet.tsx'
import { useUnsaved } from '../../ui/unsaved.ts'
import { choiceNow } from './choice-now.ts'
import { reidentifyDraft } from './drafts.ts'
import { type EditFields, editOf, fieldsOfEntry } from './edit-form-state.ts'
import { EditFieldsPart, type EditPart, EditRows, OnePart } from './edit-parts.tsx'
import { editDraft } from './edits.ts'
import { newId, sayingNow } from './entries.actions.ts'
import { choiceOfEntry, outingDrafts } from './outings.ts'
import { useChange } from './use-change.ts'
import './editors.css'

const TITLES = {
  form: 'edit.title',
  animal: 'capture.which',
  date: 'date.title',
  place: 'place.title',
  outing: 'outing.title',
} as const

function EditForm({
  entry,
  part,
  show,
  onClose,
}: {
  entry: EntryOnScreen
  part: EditPart
  show: (part: EditPart) => void
  onClose: () => void
}) {
  const { profile, animal, outings } = useDex()
  // What the person saw when they began: a change that arrives meanwhile must not be overwritten unseen (O4).
  const [seen] = useState(entry)
  const [outingSeen] = useState(() => choiceOfEntry(seen, outings))
  const [begun] = useState(() => fieldsOfEntry(seen, choiceNow(seen, animal), outingSeen))
  const [fields, setFields] = useState(begun)
  // From one of its parts the way leads back to the form, which has everything still; what is typed there says so itself.
  useUnsaved(part === 'form' && !same(fields, begun))
  const patch = (change: Partial<EditFields>) => setFields((before) => ({ ...before, ...change }))
  const { carryOut, remove } = useChange(seen)
  const save = async (event: FormEvent) => {
    event.preventDefault()
    const edit = editOf(fields)
    if (!edit) return
    const named = reidentifyDraft(seen, fields.choice, sayingNow(profile?.displayName))
    // An outing that was not touched is not said again: the one it had may have been deleted, and come back.
    const joined = fields.outing === outingSeen ? undefined : outingDrafts(fields.outing, newId())
    const whole = joined ? { ...edit, outing: joined.outing } : edit
    if (await carryOut([...(joined?.before ?? []), editDraft(seen, whole), named])) onClose()
  }
  const props = { fields, patch, show }
  if (part !== 'form') return <OnePart part={part} {...props} />
  return (
    <form className="editor" onSubmit={(event) => void save(event)} noValidate>
      <EditRows {...props} />
      <EditFieldsPart {...props} />
      <div className="ends">
        <Button kind="danger" className="delete" onClick={() => void remove()}>
          <Icon name="trash" />
          {t('entry.delete')}
        </Button>
        <LeaveButton>{t('ui.cancel')}</LeaveButton>
        <Button type="submit" kind="go">
          {t('edit.save')}
        </Button>
      </div>
    </form>
  )
}

/** Everything of an entry that can be changed, saved together; and deleting it. */
export function EditSheet({ entry, open, onClose }: { entry: EntryOnScreen; open: boolean; onClose: () => void }) {
  const [part, show] = useState<EditPart>('form')
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
