import type { Visibility } from '@biologidex/core/entries/entry'
import type { EntryOnScreen } from '@biologidex/core/sync/overlay'
import { useState } from 'react'
import { t } from '../../app/i18n.tsx'
import { useDex } from '../../app/session.tsx'
import { Chip } from '../../ui/chip.tsx'
import { Icon } from '../../ui/icon.tsx'
import { Sheet } from '../../ui/sheet.tsx'
import { useNaming } from '../animals/use-naming.ts'
import { ownName } from './drafts.ts'
import { EditRow } from './edit-row.tsx'
import { outingName } from './outing-name.ts'
import { OutingPicker, useOutingWords } from './outing-picker.tsx'
import { NO_OUTING, type OutingChoice } from './outings.ts'
import { CountFields, NoteFields, type SightingFields } from './sighting-fields.tsx'
import { VisibilityField } from './visibility-field.tsx'

/** All that a capture may say and most leave as it is. */
export interface MoreFields extends SightingFields {
  readonly outing: OutingChoice
  readonly visibility: Visibility
}

interface MoreProps {
  readonly fields: MoreFields
  readonly patch: (change: Partial<MoreFields>) => void
}

/** What most captures leave as it is: out of the way until it is wanted. */
export function CaptureMore({ fields, patch }: MoreProps) {
  const [choosing, setChoosing] = useState(false)
  const words = useOutingWords(fields.outing)
  const choose = (outing: OutingChoice) => {
    patch({ outing })
    setChoosing(false)
  }
  return (
    <details className="more">
      <summary>
        {t('capture.more')}
        <Icon name="down" />
      </summary>
      <div className="more-fields">
        <NoteFields fields={fields} patch={patch} />
        <CountFields fields={fields} patch={patch} />
        <EditRow icon="outing" label={t('outing')} value={words} onClick={() => setChoosing(true)} />
        <VisibilityField value={fields.visibility} onChange={(visibility) => patch({ visibility })} />
      </div>
      <Sheet open={choosing} onClose={() => setChoosing(false)} title={t('outing.title')} description={t('outing.text')}>
        <OutingPicker value={fields.outing} onDone={choose} />
      </Sheet>
    </details>
  )
}

const isWith = (choice: OutingChoice, entry: EntryOnScreen, outing: string | undefined): boolean =>
  choice.kind === 'known' ? choice.id === outing : choice.kind === 'new' && choice.also?.id === entry.id

/** "Same outing as your last sighting", in one tap: its outing, or one that begins with the two. */
export function SameOuting({ near, fields, patch }: MoreProps & { near: EntryOnScreen }) {
  const { outings, entries } = useDex()
  const { name, latin } = useNaming(near, ownName(near))
  const outing = near.outing ? outings.get(near.outing) : undefined
  const on = isWith(fields.outing, near, outing?.id)
  const called = outing
    ? outingName(
        outing,
        [...entries.values()].filter((entry) => entry.outing === outing.id),
      )
    : (name ?? latin ?? t('entry.unnamed'))
  const joined: OutingChoice = outing ? { kind: 'known', id: outing.id } : { kind: 'new', name: '', also: near }
  return (
    <Chip className="same-outing" on={on} onClick={() => patch({ outing: on ? NO_OUTING : joined })}>
      <Icon name={on ? 'check' : 'outing'} small />
      <span>{t(outing ? 'outing.same' : 'outing.same.new', { name: called })}</span>
    </Chip>
  )
}
