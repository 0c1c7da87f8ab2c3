import type { BroughtIn } from '@biologidex/client/old-data-write'
import { type SourceCode, SourceRefused } from '@biologidex/core/exchange/import-codes'
import { useEffect, useRef, useState } from 'react'
import { t } from '../../app/i18n.tsx'
import { useDex, useEngine } from '../../app/session.tsx'
import { say } from '../../ui/toast.ts'
import type { ChosenFile } from './chosen-files.ts'
import { carryOut, type Look, lookAgain, lookInto, type Watch } from './import-work.ts'

export interface Step {
  readonly current: number
  readonly total: number
}

const NO_STEP: Step = { current: 0, total: 0 }

/** How far an import has come. Nothing is written before `bringing`. */
export type ImportState =
  | { readonly at: 'choosing'; readonly refused?: SourceCode | 'failed' }
  | { readonly at: 'reading'; readonly step?: Step }
  /** `step`: it is being looked at anew, since other lists are one's own now. */
  | { readonly at: 'summary'; readonly look: Look; readonly step?: Step }
  | { readonly at: 'bringing'; readonly step?: Step }
  | { readonly at: 'done'; readonly look: Look; readonly brought: BroughtIn }

export interface Importing {
  readonly state: ImportState
  readonly choose: (files: readonly ChosenFile[] | Promise<readonly ChosenFile[]>) => Promise<void>
  /** Says whether a list is one's own. */
  readonly own: (path: string, isOwn: boolean) => Promise<void>
  readonly bring: () => Promise<void>
  /** Ends what is under way; what came in stays. */
  readonly stop: () => void
  readonly again: () => void
}

/** How often the screen hears of steps, in milliseconds: there may be ten thousand in a second, or one. */
const EVERY = 100

/** An import from choosing to report. Leaving the screen stops it. */
export function useImport(): Importing {
  const engine = useEngine()
  const dex = useDex()
  const latest = useRef(dex)
  latest.current = dex
  const [state, setState] = useState<ImportState>({ at: 'choosing' })
  const ending = useRef(new AbortController())
  const gone = useRef(false)
  useEffect(() => {
    gone.current = false
    return () => {
      gone.current = true
      ending.current.abort()
    }
  }, [])

  const watch = (at: (step: Step) => ImportState): Watch => {
    ending.current.abort()
    ending.current = new AbortController()
    const { signal } = ending.current
    let told = Number.NEGATIVE_INFINITY
    const onProgress = (current: number, total: number) => {
      if (signal.aborted || performance.now() - told < EVERY) return
      told = performance.now()
      setState(at({ current, total }))
    }
    return { signal, onProgress }
  }

  /** Shows what a look found, unless it was stopped. */
  const show = async (looking: Promise<Look>, { signal }: Watch) => {
    try {
      const look = await looking
      if (!signal.aborted) setState({ at: 'summary', look })
    } catch (error) {
      if (signal.aborted) return
      const refused = error instanceof SourceRefused ? error.code : 'failed'
      if (refused === 'failed') console.error('Old data could not be read.', error)
      setState({ at: 'choosing', refused })
    }
  }

  return {
    state,
    choose: async (files) => {
      const watched = watch((step) => ({ at: 'reading', step }))
      setState({ at: 'reading' })
      const looking = Promise.resolve(files).then((chosen) => lookInto(chosen, latest.current, watched))
      await show(looking, watched)
    },
    own: async (path, isOwn) => {
      if (state.at !== 'summary') return
      const { look } = state
      const own = new Set(look.own)
      if (isOwn) own.add(path)
      else own.delete(path)
      const shown = { ...look, own }
      setState({ at: 'summary', look: shown, step: NO_STEP })
      const watched = watch((step) => ({ at: 'summary', look: shown, step }))
      await show(lookAgain(look, own, latest.current, watched), watched)
    },
    bring: async () => {
      if (state.at !== 'summary' || state.step) return
      const { look } = state
      setState({ at: 'bringing' })
      const watched = watch((step) => ({ at: 'bringing', step }))
      const brought = await carryOut(engine, look, watched)
      // Whoever went elsewhere meanwhile sees no report.
      if (gone.current && brought.failed !== undefined) say({ id: 'import', text: t('import.done.stopped'), stays: true })
      setState({ at: 'done', look, brought })
    },
    stop: () => {
      ending.current.abort()
      if (state.at === 'reading') setState({ at: 'choosing' })
    },
    again: () => setState({ at: 'choosing' }),
  }
}
