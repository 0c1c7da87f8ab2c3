import './accounts.css'
import { AppError } from '@biologidex/core/errors'
import { useNavigate } from '@tanstack/react-router'
import { type ReactNode, useState } from 'react'
import { t } from '../../app/i18n.tsx'
import { sessions } from '../../app/session.tsx'
import { Title } from '../../app/title.tsx'
import { Meadow } from '../../app/wall/meadow.tsx'
import { WallAhead } from '../../app/wall/wall-ahead.tsx'
import { afterSignIn } from '../../app/wanted.tsx'
import type { Entered } from './accounts.actions.ts'
import { endLeftSession } from './left-session.ts'

/** The page around signing in and up: the wall is what it leads to. */
export function Door({ title, lead, children }: { title: string; lead: ReactNode; children: ReactNode }) {
  return (
    <main className="door" id="content" tabIndex={-1}>
      <Title of={title} />
      <Meadow />
      <div>
        <h1>{title}</h1>
        <p className="soft">{lead}</p>
        {children}
      </div>
      <WallAhead />
    </main>
  )
}

export interface Wrong {
  readonly code: string
  readonly text: string
}

const wrongOf = (error: unknown): Wrong =>
  error instanceof AppError ? { code: error.code, text: error.message } : { code: 'offline', text: t('accounts.offline') }

/** Sends a form that ends in a session: the dex opens, and the wall is shown. */
export function useEntering() {
  const navigate = useNavigate()
  const [busy, setBusy] = useState(false)
  const [wrong, setWrong] = useState<Wrong>()
  const enter = async (ask: () => Promise<Entered>): Promise<void> => {
    if (busy) return
    setBusy(true)
    setWrong(undefined)
    try {
      await endLeftSession()
      const entered = await ask()
      const href = afterSignIn()
      await sessions.signedIn(entered)
      await navigate({ href, replace: true })
    } catch (error) {
      setWrong(wrongOf(error))
    } finally {
      setBusy(false)
    }
  }
  return { enter, busy, wrong }
}
