import { same } from '@biologidex/core/json'
import type { EntryOnScreen } from '@biologidex/core/sync/overlay'
import { useState } from 'react'
import { readerLanguage, t } from '../../app/i18n.tsx'
import { useDex } from '../../app/session.tsx'
import { Button } from '../../ui/button.tsx'
import { LeaveButton, Sheet } from '../../ui/sheet.tsx'
import { useUnsaved } from '../../ui/unsaved.ts'
import { AnimalPicker } from '../animals/animal-picker.tsx'
import { namesOf } from '../animals/choice.ts'
import { choiceNow } from './choice-now.ts'
import { reidentifyDraft } from './drafts.ts'
import { sayingNow } from './entries.actions.ts'
import { useChange } from './use-change.ts'
import './editors.css'

function Naming({ entry, onClose }: { entry: EntryOnScreen; onClose: () => void }) {
  const { profile, animal } = useDex()
  const [seen] = useState(entry)
  const [begun] = useState(() => choiceNow(seen, animal))
  const [choice, setChoice] = useState(begun)
  useUnsaved(!same(choice, begun))
  const { carryOut } = useChange(seen)
  const { name, latin } = namesOf(choice, readerLanguage())
  const called = name ?? latin
  const save = async () => {
    if (await carryOut([reidentifyDraft(seen, choice, sayingNow(profile?.displayName))])) onClose()
  }
  return (
    <>
      <AnimalPicker label={t('capture.which')} value={choice} onChange={setChoice} />
      <div className="ends">
        <LeaveButton>{t('ui.cancel')}</LeaveButton>
        <Button kind="go" onClick={() => void save()}>
          {called ? t('entry.named', { name: called }) : t('entry.named.unsure')}
        </Button>
      </div>
    </>
  )
}

/** Naming what was kept without a name: choose, and it is stored. */
export function NameSheet({ entry, open, onClose }: { entry: EntryOnScreen; open: boolean; onClose: () => void }) {
  return (
    <Sheet open={open} onClose={onClose} title={t('capture.which')}>
      <Naming entry={entry} onClose={onClose} />
    </Sheet>
  )
}
