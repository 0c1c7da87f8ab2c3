import { useBlocker } from '@tanstack/react-router'
import { Button } from '../ui/button.tsx'
import { Sheet } from '../ui/sheet.tsx'
import { t } from './i18n.tsx'
import { sessions } from './session.tsx'

/**
 * In a form that stands on its page, and in no sheet: whatever leads away from it asks before typed text goes. Whoever leaves the app, or
 * reloads it for a new version, is asked by the browser.
 */
export function AskToLeave({ isUnsaved }: { isUnsaved: boolean }) {
  const { status, proceed, reset } = useBlocker({
    disabled: !isUnsaved,
    enableBeforeUnload: isUnsaved,
    withResolver: true,
    // Where the session ended, or was signed out of, its screens are gone already.
    shouldBlockFn: () => sessions.session.kind === 'open',
  })
  return (
    <Sheet open={status === 'blocked'} onClose={() => reset?.()} title={t('ui.unsaved')}>
      <div className="ends">
        <Button kind="danger" onClick={() => proceed?.()}>
          {t('ui.unsaved.discard')}
        </Button>
        <Button kind="go" autoFocus onClick={() => reset?.()}>
          {t('ui.unsaved.stay')}
        </Button>
      </div>
    </Sheet>
  )
}
