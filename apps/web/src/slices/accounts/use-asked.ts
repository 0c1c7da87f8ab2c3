import { AppError } from '@biologidex/core/errors'
import { useCallback, useEffect, useState } from 'react'
import { t } from '../../app/i18n.tsx'

/** What went wrong with a request, in words: the server's own, or that it could not be reached. */
export const wordsOf = (error: unknown): string => (error instanceof AppError ? error.message : t('accounts.noAnswer'))

export type Asked<V> = { readonly kind: 'asking' } | { readonly kind: 'here'; readonly value: V } | { readonly kind: 'wrong' }

/**
 * Something that only the server knows, asked when the screen opens, when the network returns, and when told to. What was
 * answered last stays while it is asked again.
 * @param ask the same function at each drawing
 */
export function useAsked<V>(ask: () => Promise<V>): readonly [Asked<V>, () => void] {
  const [asked, setAsked] = useState<Asked<V>>({ kind: 'asking' })
  const again = useCallback(() => {
    ask().then(
      (value) => setAsked({ kind: 'here', value }),
      () => setAsked((before) => (before.kind === 'here' ? before : { kind: 'wrong' })),
    )
  }, [ask])
  useEffect(() => {
    again()
    window.addEventListener('online', again)
    return () => window.removeEventListener('online', again)
  }, [again])
  return [asked, again]
}

/** A deed on the server: `run` does it once at a time; `wrong` says why it could not be done. */
export function useDeed() {
  const [busy, setBusy] = useState(false)
  const [wrong, setWrong] = useState<string>()
  const run = async (deed: () => Promise<void>): Promise<void> => {
    if (busy) return
    setBusy(true)
    setWrong(undefined)
    try {
      await deed()
    } catch (error) {
      setWrong(wordsOf(error))
    } finally {
      setBusy(false)
    }
  }
  return { busy, wrong, run }
}
