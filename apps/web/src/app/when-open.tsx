import type { ReactNode } from 'react'
import { Button } from '../ui/button.tsx'
import { T, t } from './i18n.tsx'
import { Notice } from './notice.tsx'
import { sessions, useSession } from './session.tsx'
import type { Session } from './session-store.ts'
import { ToSignIn } from './wanted.tsx'

/** What this browser holds cannot be opened: another try, or anew with what the server has. */
function SealedForGood() {
  return (
    <Notice first title={t('app.sealed.title')} text={<T id="app.sealed.text" />}>
      <Button kind="go" onClick={() => void sessions.reopen()}>
        {t('app.noStorage.again')}
      </Button>
      <Button kind="danger" onClick={() => void sessions.startAnew()}>
        {t('app.sealed.anew')}
      </Button>
    </Notice>
  )
}

/** Where somebody goes who has no open dex. */
function Elsewhere({ session }: { session: Session }) {
  if (session.kind !== 'broken') return <ToSignIn />
  if (session.sealed) return <SealedForGood />
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
  const session = useSession()
  if (session.kind === 'open') return children
  return session.kind === 'opening' ? meanwhile : <Elsewhere session={session} />
}

/** Shows `children` for a known account, its dex open or still opening. */
export function WhenKnown({ children }: { children: ReactNode }) {
  const session = useSession()
  return session.kind === 'open' || session.kind === 'opening' ? children : <Elsewhere session={session} />
}
