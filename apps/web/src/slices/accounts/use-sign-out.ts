import type { Engine } from '@biologidex/client/face'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { t } from '../../app/i18n.tsx'
import { sessions, useEngine, useSyncStatus } from '../../app/session.tsx'
import { say } from '../../ui/toast.ts'
import { onlyHere } from '../sync/sync-words.ts'
import { failureWords } from '../sync/use-sync-now.ts'
import { endSession } from './accounts.actions.ts'

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

/** Ends the session where the server can be reached; the device is wiped all the same. */
async function leave(): Promise<void> {
  await endSession().catch((error: unknown) => console.warn('The session could not be ended on the server.', error))
  await sessions.wipe()
  say({ text: t('settings.signOut.done') })
}

export type SignOutStep = 'asking' | 'sending' | 'leaving'

/** Signing out (C1): says what is unsent, offers to send it first, then takes everything off this device. */
export function useSignOut() {
  const engine = useEngine()
  const navigate = useNavigate()
  const unsent = onlyHere(useSyncStatus() ?? engine.status)
  const [step, setStep] = useState<SignOutStep>('asking')
  const [wrong, setWrong] = useState<string>()
  const drop = async () => {
    setStep('leaving')
    await leave()
    await navigate({ to: '/sign-in', replace: true })
  }
  const send = async () => {
    setStep('sending')
    setWrong(undefined)
    try {
      await engine.syncNow()
      if (await allSent(engine)) return await drop()
      setWrong(t('settings.signOut.slow'))
    } catch (error) {
      setWrong(failureWords(error))
    }
    setStep('asking')
  }
  return { unsent, step, wrong, drop, send }
}
