import type { Draft } from '@biologidex/client/face'
import type { EntryOnScreen } from '@biologidex/core/sync/overlay'
import { useNavigate } from '@tanstack/react-router'
import { carryOut } from '../../app/carry-out.ts'
import { t } from '../../app/i18n.tsx'
import { useEngine } from '../../app/session.tsx'
import { say } from '../../ui/toast.ts'
import { type Edit, editDraft } from './edits.ts'
import { change, deleteEntry, restoreEntry } from './entries.actions.ts'

/** Changes an entry, and says so where this device could not store it. */
export interface Changing {
  /** Resolves to true when it is stored. */
  readonly carryOut: (drafts: readonly (Draft | undefined)[]) => Promise<boolean>
  readonly edit: (edit: Edit) => Promise<boolean>
  /** Deletes it and leaves its screen; the toast brings it back. */
  readonly remove: () => Promise<boolean>
}

export function useChange(entry: EntryOnScreen): Changing {
  const engine = useEngine()
  const navigate = useNavigate()
  const bringBack = () => {
    void carryOut(() => restoreEntry(engine, entry.id)).then((back) => {
      if (back) say({ text: t('entry.restored') })
    })
  }
  return {
    carryOut: (drafts) => carryOut(() => change(engine, drafts)),
    edit: (edit) => carryOut(() => change(engine, [editDraft(entry, edit)])),
    remove: async () => {
      const gone = await carryOut(() => deleteEntry(engine, entry.id))
      if (!gone) return false
      say({ text: t('entry.deleted'), action: { label: t('ui.undo'), run: bringBack } })
      await navigate({ to: '/' })
      return true
    },
  }
}
