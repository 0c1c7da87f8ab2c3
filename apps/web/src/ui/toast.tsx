import { Toast } from '@base-ui/react/toast'
import { t } from '../app/i18n.tsx'
import { Icon } from './icon.tsx'

const manager = Toast.createToastManager()

export interface ToastInput {
  readonly text: string
  /** One thing to do about it, an undo mostly. The toast goes when it is done. */
  readonly action?: { readonly label: string; readonly run: () => void }
  /** A toast with the same id is replaced, not repeated. */
  readonly id?: string
  /** Stays until it is closed. */
  readonly stays?: boolean
}

/** Says something in passing: on screen, and to screen readers when they pause. From anywhere, components or not. */
export function say({ text, action, id, stays }: ToastInput): void {
  const shown = manager.add({
    ...(id ? { id } : {}),
    title: text,
    timeout: stays ? 0 : action ? 10_000 : 5_000,
    ...(action
      ? {
          actionProps: {
            children: action.label,
            onClick: () => {
              manager.close(shown)
              action.run()
            },
          },
        }
      : {}),
  })
}

function Toasts() {
  const { toasts } = Toast.useToastManager()
  return toasts.map((toast) => (
    <Toast.Root key={toast.id} toast={toast} className="toast" swipeDirection={['down', 'right']}>
      <Toast.Content className="toast-line">
        <div className="toast-text">
          <Toast.Title />
        </div>
        <Toast.Action className="toast-action" />
        <Toast.Close className="toast-close" aria-label={t('ui.close')}>
          <Icon name="close" small />
        </Toast.Close>
      </Toast.Content>
    </Toast.Root>
  ))
}

/** Where toasts appear; once, at the root. */
export function ToastPlace() {
  return (
    <Toast.Provider toastManager={manager} limit={3}>
      <Toast.Portal>
        <Toast.Viewport className="toasts" aria-label={t('ui.toasts')}>
          <Toasts />
        </Toast.Viewport>
      </Toast.Portal>
    </Toast.Provider>
  )
}
