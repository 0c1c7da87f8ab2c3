import { Navigate } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { Button } from '../ui/button.tsx'
import { T, t } from './i18n.tsx'
import { Notice } from './notice.tsx'
import { sessions, useSession } from './session.tsx'

/** Where somebody goes who has no open dex. */
function Elsewhere({ kind }: { kind: 'none' | 'locked' | 'broken' }) {
  if (kind !== 'broken') return <Navigate to="/sign-in" replace />
  return (
    <Notice first title={t('app.noStorage.title')} text={<T id="app.noStorage.text" />}>
      <Button kind="go" onClick={() => void sessions.reopen()}>
        {t('app.noStorage.again')}
      </Button>
    </Notice>
  )
}

/** Shows `children` once the dex is open; `meanwhile` until then. Without an account it leads to the sign-in. */
export function WhenOpen({ children, meanwhile = null }: { children: ReactNode; meanwhile?: ReactNode }) {
  const { kind } = useSession()
  if (kind === 'open') return children
  return kind === 'opening' ? meanwhile : <Elsewhere kind={kind} />
}

/** Shows `children` for a known account, its dex open or still opening. */
export function WhenKnown({ children }: { children: ReactNode }) {
  const { kind } = useSession()
  return kind === 'open' || kind === 'opening' ? children : <Elsewhere kind={kind} />
}
