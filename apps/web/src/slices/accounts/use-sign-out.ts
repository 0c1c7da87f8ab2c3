import type { Engine } from '@biologidex/client/face'
import { useNavigate } from '@tanstack/react-router'
import { useEffect, useMemo, useRef, useState } from 'react'
import { t } from '../../app/i18n.tsx'
import { rememberSessionToEnd } from '../../app/remembered.ts'
import { sessions, useDex, useEngine, useSyncStatus } from '../../app/session.tsx'
import type { Dex } from '../../app/session-store.ts'
import { say } from '../../ui/toast.ts'
import { readUnkept, type Unkept } from '../entries/capture-draft.ts'
import { type SavedFile, saveUnsent } from '../exchange/exchange.actions.ts'
import { onlyHere } from '../sync/sync-words.ts'
import { failureWords } from '../sync/use-sync-now.ts'
import { endLeftSession } from './left-session.ts'

/** How long pictures are given to go up before the person is told that they have not, in milliseconds. */
const PATIENCE = 60_000

/** Whether all went up that can: the picture of a change that was set aside waits with it. */
function isSent(engine: Engine): boolean {
  const aside = new Set(engine.setAside().mutations.map(({ id }) => id))
  const held = engine.unsent().pictures.filter(({ image }) => aside.has(image))
  return onlyHere(engine.status) <= held.length
}

/** Resolves when nothing that can be sent is only on this device any more, or when it takes too long. */
function allSent(engine: Engine): Promise<boolean> {
  if (isSent(engine)) return Promise.resolve(true)
  return new Promise((resolve) => {
    const finish = (sent: boolean) => {
      clearTimeout(timer)
      unlisten()
      resolve(sent)
    }
    const timer = setTimeout(() => finish(false), PATIENCE)
    const unlisten = engine.onStatus(() => {
      if (isSent(engine)) finish(true)
    })
  })
}

/** Resolves to false when whoever waits is told to stop. */
function stopped(signal: AbortSignal): Promise<false> {
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(false), { once: true }))
}

/**
 * The device is wiped before anybody is asked anything: both are remembered first, so that a start after a cut goes on with them. The
 * server is told then, and by the sign-in that shows, now or as soon as it can be reached.
 */
async function leave(): Promise<void> {
  rememberSessionToEnd(true)
  await sessions.wipe()
  void endLeftSession()
  say({ text: t('settings.signOut.done') })
}

const notSent = (reason: string): string => t('settings.signOut.notSent', { reason })

export type SignOutStep = 'asking' | 'sending' | 'saving' | 'leaving'

/** What a sign-out would lose: what waits to go up, what was set aside or lies in the bin, and captures that were begun. */
interface Loss {
  readonly changes: number
  readonly pictures: number
  readonly binned: number
  /** Photos of captures that were begun; undefined until it is known. */
  readonly begun: number | undefined
  /** Changes and pictures that wait here and cannot be opened: they can be neither sent nor saved. */
  readonly closed: number
  /** Another text when it is other work. */
  readonly which: string
}

/** The captures that were begun here; undefined until they have been looked for. */
function useBegun(account: string, dex: Dex): readonly Unkept[] | undefined {
  const [found, setFound] = useState<readonly Unkept[]>()
  useEffect(() => {
    readUnkept(account, dex).then(setFound, (error: unknown) => {
      // What cannot be opened any more is lost already.
      console.warn('A capture that was begun could not be read.', error)
      setFound([])
    })
    // Looked for once: while this question stands, nothing is captured in this tab.
  }, [])
  return found
}

function useLoss(engine: Engine, begun: ReturnType<typeof useBegun>): Loss {
  const status = useSyncStatus()
  // The status tells that the outbox changed; it does not count what was set aside.
  return useMemo(() => {
    const { changes, pictures } = engine.unsent()
    const binned = pictures.filter((picture) => picture.binned).length
    const which = JSON.stringify([changes.map(({ n }) => n), pictures.map(({ image }) => image)])
    const closed = status?.unreadable ?? 0
    const counts = { changes: changes.length, pictures: pictures.length - binned, binned, closed }
    return { ...counts, begun: begun?.reduce((sum, { files }) => sum + files.length, 0), which }
  }, [engine, status, begun])
}

/** Signing out (C1): says what is unsent, offers to send it or save it first, then takes everything off this device. */
export function useSignOut() {
  const engine = useEngine()
  const dex = useDex()
  const { profile } = dex
  const navigate = useNavigate()
  const begun = useBegun(engine.account, dex)
  const unsent = useLoss(engine, begun)
  const [step, setStep] = useState<SignOutStep>('asking')
  const [wrong, setWrong] = useState<string>()
  const [saved, setSaved] = useState<Pick<SavedFile, 'file' | 'lacking'> & { readonly of: string }>()
  const drop = async () => {
    setStep('leaving')
    setWrong(undefined)
    try {
      await leave()
      await navigate({ to: '/sign-in', replace: true })
    } catch (error) {
      console.error('The device could not be cleared.', error)
      setWrong(t('settings.signOut.failed'))
      setStep('asking')
    }
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
  const sending = useRef<AbortController>(undefined)
  // Nothing that is stopped is dropped: it goes on being sent like anything else.
  const stopSending = () => sending.current?.abort()
  // Whoever closes the question has not signed out.
  useEffect(() => () => sending.current?.abort(), [])
  const send = () =>
    attempt('sending', async () => {
      sending.current = new AbortController()
      const { signal } = sending.current
      const all = await Promise.race([engine.syncNow().then(() => allSent(engine)), stopped(signal)])
      if (signal.aborted) return undefined
      if (!all) return notSent(t('settings.signOut.slow'))
      // Asked anew: what was sent may have been refused, and what was set aside does not count as being sent.
      const { changes, pictures } = engine.unsent()
      const left = changes.length + pictures.length + (engine.status.unreadable ?? 0)
      if (unsent.begun !== 0 || left > 0) return t('settings.signOut.rest')
      await drop()
      return undefined
    })
  const save = () =>
    attempt('saving', async () => {
      const also = async () => {
        const { begunWork } = await import('../entries/begun-work.ts')
        return begunWork(engine.account, begun ?? [], profile?.displayName)
      }
      const saving = await saveUnsent(engine, profile?.username ?? engine.account, also)
      if (saving.kind === 'saved') setSaved({ ...saving, of: unsent.which })
      return saving.kind === 'saved' ? undefined : saving.why
    })
  // What was done since is not in the file.
  const file = saved?.of === unsent.which ? saved : undefined
  const goToBegun = () => void navigate({ to: '/capture' })
  return { unsent, step, wrong, file, drop, send, stopSending, save, goToBegun }
}
