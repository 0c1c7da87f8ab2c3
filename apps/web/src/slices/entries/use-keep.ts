import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { readerLanguage, t } from '../../app/i18n.tsx'
import { useDex, useEngine } from '../../app/session.tsx'
import { say } from '../../ui/toast.ts'
import { namesOf } from '../animals/choice.ts'
import type { Shot } from '../images/use-shot.ts'
import { type CaptureForm, keepCapture, storeFailure } from './entries.actions.ts'

export interface Keeping {
  readonly keeping: boolean
  /** Why it was not kept; the screen stays as it is. */
  readonly failed: string | undefined
  /** Under the id `entry`; `done` runs once it is kept. */
  readonly keep: (shot: Shot, form: CaptureForm, entry: string, done: () => Promise<void>) => Promise<void>
}

/** Keeps a capture, then shows the wall with it. */
export function useKeep(): Keeping {
  const engine = useEngine()
  const { profile } = useDex()
  const navigate = useNavigate()
  const [keeping, setKeeping] = useState(false)
  const [failed, setFailed] = useState<string>()
  const keep: Keeping['keep'] = async (shot, form, entry, done) => {
    setKeeping(true)
    setFailed(undefined)
    try {
      await keepCapture(engine, { entry, shot, form }, profile?.displayName)
      await done().catch((error: unknown) => console.warn('A draft that was kept could not be dropped.', error))
      const { name, latin } = namesOf(form.choice, readerLanguage())
      const called = name ?? latin
      say({
        id: 'kept',
        text: called ? t('capture.kept', { name: called }) : t('capture.kept.unsure'),
        action: { label: t('capture.kept.open'), run: () => void navigate({ to: '/entry/$id', params: { id: entry } }) },
      })
      await navigate({ to: '/' })
    } catch (error) {
      setFailed(storeFailure(error, 'capture.failed'))
      setKeeping(false)
    }
  }
  return { keeping, failed, keep }
}
