import { Dialog } from '@base-ui/react/dialog'
import type { ReactNode } from 'react'

/**
 * A dialog: from the bottom on a phone, in the middle elsewhere. Focus stays in it, Escape and the veil close it, focus goes
 * back to where it came from. Put the buttons into an element with the class `ends`.
 */
export function Sheet(props: {
  open: boolean
  onClose: () => void
  title: ReactNode
  description?: ReactNode
  children?: ReactNode
}) {
  return (
    <Dialog.Root open={props.open} onOpenChange={(open) => !open && props.onClose()}>
      <Dialog.Portal>
        <Dialog.Backdrop className="veil" />
        <Dialog.Popup className="sheet">
          <Dialog.Title className="sheet-title">{props.title}</Dialog.Title>
          {props.description && <Dialog.Description className="soft">{props.description}</Dialog.Description>}
          {props.children}
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  )
}
