import './accounts.css'
import type { ReactNode } from 'react'
import { Icon } from '../../ui/icon.tsx'

/** What went wrong with a whole form or deed; announced. */
export function WrongBox({ children }: { children: ReactNode }) {
  return (
    <p className="wrong-box" role="alert">
      <Icon name="warning" />
      <span>{children}</span>
    </p>
  )
}
