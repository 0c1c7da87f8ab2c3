import type { HistoryView, Revision } from '@biologidex/core/entries/entry'
import { AppError } from '@biologidex/core/errors'
import { useCallback, useEffect, useRef, useState } from 'react'
import { NoAnswer, request } from '../../app/http.ts'

/** Where a history stands: it lives on the server, so there may be none to read just now. */
export interface History {
  /** Latest first; undefined while none has arrived. */
  readonly revisions: readonly Revision[] | undefined
  readonly standing: 'asking' | 'here' | 'offline' | 'failed'
  /** Asks for older ones; undefined when there are none. */
  readonly more: (() => void) | undefined
  readonly again: () => void
}

/** What is not of that form came from elsewhere (a proxy's page). By hand: a schema would make code from text, which the page forbids. */
const isHistory = (answer: unknown): answer is HistoryView => {
  const { revisions } = (answer ?? {}) as { revisions?: unknown }
  return Array.isArray(revisions) && revisions.every((one) => Number.isInteger(one?.n) && Array.isArray(one.changes))
}

async function ask(entry: string, before: number | undefined): Promise<HistoryView> {
  const query = before === undefined ? '' : `?before=${before}`
  const answer = await request('GET', `/api/v2/entries/${entry}/history${query}`)
  if (!isHistory(answer)) throw new NoAnswer()
  return answer
}

const reason = (error: unknown): 'offline' | 'failed' =>
  error instanceof NoAnswer || (error instanceof AppError && error.code === 'unavailable') ? 'offline' : 'failed'

interface Known {
  readonly revisions: readonly Revision[]
  readonly before?: number | undefined
}

/**
 * An entry's history, asked of the server when it is looked at, and anew when the entry changed there (`version`) or the
 * network returned.
 */
export function useHistory(entry: string, version: number): History {
  const [known, setKnown] = useState<Known>()
  const [standing, setStanding] = useState<History['standing']>('asking')
  const turn = useRef(0)
  const load = useCallback(
    async (earlier: Known | undefined) => {
      const mine = ++turn.current
      setStanding('asking')
      try {
        const { revisions, before } = await ask(entry, earlier?.before)
        if (turn.current !== mine) return
        setKnown({ revisions: [...(earlier?.revisions ?? []), ...revisions], before })
        setStanding('here')
      } catch (error) {
        if (turn.current === mine) setStanding(reason(error))
      }
    },
    [entry],
  )
  const again = useCallback(() => void load(undefined), [load])
  useEffect(() => {
    again()
    window.addEventListener('online', again)
    return () => {
      turn.current += 1
      window.removeEventListener('online', again)
    }
    // `version` is not read: it says that there is something new to ask for.
  }, [again, version])
  const more = known?.before === undefined ? undefined : () => void load(known)
  return { revisions: known?.revisions, standing, more, again }
}
