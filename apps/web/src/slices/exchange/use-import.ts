import type { BroughtIn } from '@biologidex/client/old-data-write'
import { type SourceCode, SourceRefused } from '@biologidex/core/exchange/import-codes'
import { useEffect, useRef, useState } from 'react'
import { useDex, useEngine } from '../../app/session.tsx'
import type { ChosenFile } from './chosen-files.ts'
import { carryOut, type Look, lookAgain, lookInto, type Watch } from './import-work.ts'

export interface Step {
  readonly current: number
  readonly total: number
}

/** How far an import has come. Nothing is written before `bringing`. */
export type ImportState =
  | { readonly at: 'choosing'; readonly refused?: SourceCode | 'failed' }
  | { readonly at: 'reading'; readonly step?: Step }
  | { readonly at: 'summary'; readonly look: Look; readonly busy?: true }
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
  useEffect(() => () => ending.current.abort(), [])

  const watch = (at: 'reading' | 'bringing' | undefined): Watch => {
    ending.current.abort()
    ending.current = new AbortController()
    const { signal } = ending.current
    let told = Number.NEGATIVE_INFINITY
    const onProgress = (current: number, total: number) => {
      if (!at || signal.aborted || performance.now() - told < EVERY) return
      told = performance.now()
      setState({ at, step: { current, total } })
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
      const watched = watch('reading')
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
      setState({ at: 'summary', look: { ...look, own }, busy: true })
      const watched = watch(undefined)
      await show(lookAgain(look, own, latest.current, watched), watched)
    },
    bring: async () => {
      if (state.at !== 'summary' || state.busy) return
      const { look } = state
      setState({ at: 'bringing' })
      const brought = await carryOut(engine, look, watch('bringing'))
      setState({ at: 'done', look, brought })
    },
    stop: () => {
      ending.current.abort()
      if (state.at === 'reading') setState({ at: 'choosing' })
    },
    again: () => setState({ at: 'choosing' }),
  }
}
