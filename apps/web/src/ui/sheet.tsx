import { Dialog } from '@base-ui/react/dialog'
import { useBlocker } from '@tanstack/react-router'
import { type ReactNode, useRef, useState } from 'react'
import { t } from '../app/i18n.tsx'
import { Button, buttonClass } from './button.tsx'
import { useSheetHold } from './sheet-hold.ts'
import { UnsavedContext } from './unsaved.ts'

/** Asked where closing the sheet would lose what was typed in it. */
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

/** The button that leaves a sheet as it was: Cancel, Close, or Back in a part of a form. */
export function LeaveButton({ children }: { children: ReactNode }) {
  return <Dialog.Close className={buttonClass({})}>{children}</Dialog.Close>
}

/**
 * A dialog: from the bottom on a phone, in the middle elsewhere. Focus stays in it and goes back to where it came from.
 *
 * One rule for whatever closes it without carrying anything out, a tap on the veil, Escape, the browser's or the phone's back, and
 * its `LeaveButton`: nothing that was typed goes unasked, however little it is. Where a form in it says `useUnsaved` the sheet asks
 * first, else it closes at once. Whoever leaves the page by other ways is asked by the browser. Put the buttons into an element
 * with the class `ends`.
 */
export function Sheet(props: {
  open: boolean
  onClose: () => void
  title: ReactNode
  description?: ReactNode
  children?: ReactNode
}) {
  const unsaved = useRef(0)
  const [asking, setAsking] = useState(false)
  useSheetHold(props.open)
  const leave = () => {
    setAsking(false)
    props.onClose()
  }
  const close = () => {
    // A second tap is no answer: what was typed is shown again.
    if (unsaved.current > 0) setAsking(!asking)
    else leave()
  }
  useBlocker({
    disabled: !props.open,
    enableBeforeUnload: () => unsaved.current > 0,
    // Where the app itself leads elsewhere, something was carried out.
    shouldBlockFn: ({ action }) => {
      if (action === 'PUSH' || action === 'REPLACE') return false
      close()
      return true
    },
  })
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
