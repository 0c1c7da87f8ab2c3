import type { Draft } from '@biologidex/client/face'
import { LIMITS } from '@biologidex/core/limits'
import type { OutingOnScreen } from '@biologidex/core/sync/overlay'
import { type FormEvent, useState } from 'react'
import { carryOut } from '../../app/carry-out.ts'
import { t } from '../../app/i18n.tsx'
import { useEngine } from '../../app/session.tsx'
import { Button } from '../../ui/button.tsx'
import { TextArea, TextField } from '../../ui/field.tsx'
import { Icon } from '../../ui/icon.tsx'
import { LeaveButton, Sheet } from '../../ui/sheet.tsx'
import { say } from '../../ui/toast.ts'
import { useUnsaved } from '../../ui/unsaved.ts'
import { change } from './entries.actions.ts'
import { outingEdit } from './outings.ts'
import './editors.css'

function Form({ outing, onClose }: { outing: OutingOnScreen; onClose: () => void }) {
  const engine = useEngine()
  // What the person saw when they began (O4).
  const [seen] = useState(outing)
  const [name, setName] = useState(seen.name ?? '')
  const [note, setNote] = useState(seen.note ?? '')
  useUnsaved(outingEdit(seen, { name, note }) !== undefined)
  const attempt = (draft: Draft | undefined) => carryOut(() => change(engine, [draft]))
  const save = async (event: FormEvent) => {
    event.preventDefault()
    if (await attempt(outingEdit(seen, { name, note }))) onClose()
  }
  const remove = async () => {
    if (!(await attempt({ type: 'outing', id: seen.id, op: 'delete' }))) return
    const undo = () => void attempt({ type: 'outing', id: seen.id, op: 'restore' })
    say({ text: t('outing.deleted'), action: { label: t('ui.undo'), run: undo } })
    onClose()
  }
  return (
    <form className="editor" onSubmit={(event) => void save(event)} noValidate>
      <TextField
        label={t('outing.name')}
        value={name}
        maxLength={LIMITS.nameChars}
        onChange={(event) => setName(event.target.value)}
      />
      <TextArea
        label={t('outing.note')}
        hint={t('outing.note.hint')}
        value={note}
        maxLength={LIMITS.noteChars}
        onChange={(event) => setNote(event.target.value)}
      />
      <div className="ends">
        <Button kind="danger" className="delete" onClick={() => void remove()}>
          <Icon name="trash" />
          {t('outing.delete')}
        </Button>
        <LeaveButton>{t('ui.cancel')}</LeaveButton>
        <Button type="submit" kind="go">
          {t('edit.save')}
        </Button>
      </div>
    </form>
  )
}

/** The words of an outing; and taking the outing away, which leaves its sightings where they are. */
export function OutingSheet(props: { outing: OutingOnScreen; open: boolean; onClose: () => void }) {
  return (
    <Sheet open={props.open} onClose={props.onClose} title={t('outing.edit')}>
      <Form outing={props.outing} onClose={props.onClose} />
    </Sheet>
  )
}
