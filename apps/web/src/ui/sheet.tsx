import { Dialog } from '@base-ui/react/dialog'
import { type ReactNode, useRef, useState } from 'react'
import { t } from '../app/i18n.tsx'
import { Button } from './button.tsx'
import { UnsavedContext } from './unsaved.ts'

/** Asked where a tap beside the sheet would lose what was typed in it. */
function Question({ onStay, onLeave }: { onStay: () => void; onLeave: () => void }) {
  return (
    <div role="alertdialog" aria-labelledby="unsaved-question">
      <p id="unsaved-question">{t('ui.unsaved')}</p>
      <div className="ends">
        <Button kind="danger" onClick={onLeave}>
          {t('ui.unsaved.discard')}
        </Button>
        <Button kind="go" autoFocus onClick={onStay}>
          {t('ui.unsaved.stay')}
        </Button>
      </div>
    </div>
  )
}

/**
 * A dialog: from the bottom on a phone, in the middle elsewhere. Focus stays in it, Escape and the veil close it, focus goes
 * back to where it came from; where a form in it says `useUnsaved`, they ask first. Put the buttons into an element with the class `ends`.
 */
export function Sheet(props: {
  open: boolean
  onClose: () => void
  title: ReactNode
  description?: ReactNode
  children?: ReactNode
}) {
  const unsaved = useRef(false)
  const [asking, setAsking] = useState(false)
  const leave = () => {
    setAsking(false)
    props.onClose()
  }
  const close = () => {
    // A second tap is no answer: what was typed is shown again.
    if (unsaved.current) setAsking(!asking)
    else leave()
  }
  return (
    <Dialog.Root open={props.open} onOpenChange={(open) => !open && close()}>
      <Dialog.Portal>
        <Dialog.Backdrop className="veil" />
        <Dialog.Popup className="sheet">
          <Dialog.Title className="sheet-title">{props.title}</Dialog.Title>
          {props.description && <Dialog.Description className="soft">{props.description}</Dialog.Description>}
          {asking && <Question onStay={() => setAsking(false)} onLeave={leave} />}
          <UnsavedContext value={unsaved}>
            <div className="sheet-body" hidden={asking}>
              {props.children}
            </div>
          </UnsavedContext>
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  )
}
