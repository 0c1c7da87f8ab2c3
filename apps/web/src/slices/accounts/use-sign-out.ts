import type { Engine } from '@biologidex/client/face'
import { useNavigate } from '@tanstack/react-router'
import { useMemo, useState } from 'react'
import { t } from '../../app/i18n.tsx'
import { rememberSessionToEnd } from '../../app/remembered.ts'
import { sessions, useDex, useEngine, useSyncStatus } from '../../app/session.tsx'
import { say } from '../../ui/toast.ts'
import { type SavedFile, saveUnsent } from '../exchange/exchange.actions.ts'
import { onlyHere } from '../sync/sync-words.ts'
import { failureWords } from '../sync/use-sync-now.ts'
import { endLeftSession } from './left-session.ts'

/** How long pictures are given to go up before the person is told that they have not, in milliseconds. */
const PATIENCE = 60_000

/** Resolves when nothing is only on this device any more, or when it takes too long. */
function allSent(engine: Engine): Promise<boolean> {
  if (onlyHere(engine.status) === 0) return Promise.resolve(true)
  return new Promise((resolve) => {
    const finish = (sent: boolean) => {
      clearTimeout(timer)
      unlisten()
      resolve(sent)
    }
    const timer = setTimeout(() => finish(false), PATIENCE)
    const unlisten = engine.onStatus((status) => {
      if (onlyHere(status) === 0) finish(true)
    })
  })
}

/** Ends the session where the server can be reached, else as soon as it can; the device is wiped all the same. */
async function leave(): Promise<void> {
  rememberSessionToEnd(true)
  await endLeftSession()
  await sessions.wipe()
  say({ text: t('settings.signOut.done') })
}

const notSent = (reason: string): string => t('settings.signOut.notSent', { reason })

export type SignOutStep = 'asking' | 'sending' | 'saving' | 'leaving'

/** What a sign-out would lose: what waits to go up, and what was set aside. `which` is another text when it is other work. */
function useUnsent(engine: Engine): { readonly changes: number; readonly pictures: number; readonly which: string } {
  const status = useSyncStatus()
  // The status tells that the outbox changed; it does not count what was set aside.
  return useMemo(() => {
    const { changes, pictures } = engine.unsent()
    const which = JSON.stringify([changes.map(({ n }) => n), pictures.map(({ image }) => image)])
    return { changes: changes.length, pictures: pictures.length, which }
  }, [engine, status])
}

/** Signing out (C1): says what is unsent, offers to send it or save it first, then takes everything off this device. */
export function useSignOut() {
  const engine = useEngine()
  const { profile } = useDex()
  const navigate = useNavigate()
  const unsent = useUnsent(engine)
  const [step, setStep] = useState<SignOutStep>('asking')
  const [wrong, setWrong] = useState<string>()
  const [saved, setSaved] = useState<Pick<SavedFile, 'file' | 'lacking'> & { readonly of: string }>()
  const drop = async () => {
    setStep('leaving')
    await leave()
    await navigate({ to: '/sign-in', replace: true })
  }
  /** Does something before the question is asked again; what went wrong is told with it. */
  const attempt = async (during: SignOutStep, work: () => Promise<string | undefined>) => {
    setStep(during)
    setWrong(undefined)
    try {
      setWrong(await work())
    } catch (error) {
      setWrong(notSent(failureWords(error)))
    }
    setStep('asking')
  }
  const send = () =>
    attempt('sending', async () => {
      await engine.syncNow()
      const all = await allSent(engine)
      if (all) await drop()
      return all ? undefined : notSent(t('settings.signOut.slow'))
    })
  const save = () =>
    attempt('saving', async () => {
      const saving = await saveUnsent(engine, profile?.username ?? engine.account)
      if (saving.kind === 'saved') setSaved({ ...saving, of: unsent.which })
      return saving.kind === 'saved' ? undefined : saving.why
    })
  // What was done since is not in the file.
  const file = saved?.of === unsent.which ? saved : undefined
  return { unsent, step, wrong, file, drop, send, save }
}
