import { Toast } from '@base-ui/react/toast'
import { useEffect } from 'react'
import { t } from '../app/i18n.tsx'
import { Icon } from './icon.tsx'
import { type Saying, takeSayings } from './toast.ts'

const manager = Toast.createToastManager()

function show({ id, text, action, stays }: Saying): void {
  const actionProps = action && {
    children: action.label,
    onClick: () => {
      manager.close(id)
      action.run()
    },
  }
  manager.add({ id, title: text, timeout: stays ? 0 : action ? 10_000 : 5_000, ...(actionProps ? { actionProps } : {}) })
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

/** Where toasts appear; once, at the root. Loaded after the first paint: what was said before is shown then. */
export function ToastPlace() {
  useEffect(() => takeSayings({ show, close: (id) => manager.close(id) }), [])
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
