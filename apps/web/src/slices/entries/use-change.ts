import type { Draft } from '@biologidex/client/face'
import type { EntryOnScreen } from '@biologidex/core/sync/overlay'
import { useNavigate } from '@tanstack/react-router'
import { t } from '../../app/i18n.tsx'
import { useEngine } from '../../app/session.tsx'
import { say } from '../../ui/toast.ts'
import { type Edit, editDraft } from './edits.ts'
import { change, deleteEntry, restoreEntry, storeFailure } from './entries.actions.ts'

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
  const attempt = async (work: () => Promise<void>): Promise<boolean> => {
    try {
      await work()
      return true
    } catch (error) {
      say({ text: storeFailure(error, 'entry.failed'), stays: true })
      return false
    }
  }
  const bringBack = () => {
    void attempt(() => restoreEntry(engine, entry.id)).then((back) => {
      if (back) say({ text: t('entry.restored') })
    })
  }
  return {
    carryOut: (drafts) => attempt(() => change(engine, drafts)),
    edit: (edit) => attempt(() => change(engine, [editDraft(entry, edit)])),
    remove: async () => {
      const gone = await attempt(() => deleteEntry(engine, entry.id))
      if (!gone) return false
      say({ text: t('entry.deleted'), action: { label: t('ui.undo'), run: bringBack } })
      await navigate({ to: '/' })
      return true
    },
  }
}
