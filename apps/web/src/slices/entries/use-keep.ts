import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { storeFailure } from '../../app/carry-out.ts'
import { readerLanguage, t } from '../../app/i18n.tsx'
import { useDex, useEngine } from '../../app/session.tsx'
import { say } from '../../ui/toast.ts'
import { namesOf } from '../animals/choice.ts'
import { type Kept, keepCapture } from './entries.actions.ts'

export interface Keeping {
  readonly keeping: boolean
  /** Why it was not kept; the screen stays as it is. */
  readonly failed: string | undefined
  /**
   * Resolves to whether it is kept. `done` runs once it is; it answers whether there is more to keep, which is shown instead of the wall.
   */
  readonly keep: (capture: Kept, done: () => Promise<boolean>) => Promise<boolean>
}

/** Keeps a capture, then shows the wall with it, or what comes next. */
export function useKeep(): Keeping {
  const engine = useEngine()
  const { profile } = useDex()
  const navigate = useNavigate()
  const [keeping, setKeeping] = useState(false)
  const [failed, setFailed] = useState<string>()
  const keep: Keeping['keep'] = async (capture, done) => {
    const { form, entry } = capture
    setKeeping(true)
    setFailed(undefined)
    try {
      await keepCapture(engine, capture, profile?.displayName)
    } catch (error) {
      setFailed(storeFailure(error, 'capture.failed'))
      setKeeping(false)
      return false
    }
    const goesOn = await done()
    const { name, latin } = namesOf(form.choice, readerLanguage())
    const called = name ?? latin
    say({
      id: 'kept',
      text: called ? t('capture.kept', { name: called }) : t('capture.kept.unsure'),
      action: { label: t('capture.kept.open'), run: () => void navigate({ to: '/entry/$id', params: { id: entry } }) },
    })
    if (!goesOn) await navigate({ to: '/' })
    return true
  }
  return { keeping, failed, keep }
}
