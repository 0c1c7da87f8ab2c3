import type { Engine, StrangerView } from '@biologidex/client/face'
import { AppError } from '@biologidex/core/errors'
import type { PersonView } from '@biologidex/core/friends/friend'
import { useCallback, useEffect, useState } from 'react'
import { request } from './http.ts'
import { useSession } from './session.tsx'
import { dexOfStranger } from './stranger-dex.ts'
import { watchedDex } from './watched-dex.ts'

type Looked =
  | { readonly kind: 'here'; readonly of: string; readonly person: PersonView; readonly view: StrangerView }
  | { readonly kind: 'unknown' | 'unreachable'; readonly of: string }

/** Who has a name, and the first page of what they show to everyone. Rejects as `request` does. */
async function look(engine: Engine, username: string): Promise<{ person: PersonView; view: StrangerView }> {
  const person = (await request('GET', `/api/v2/people/by-name/${encodeURIComponent(username)}`)) as PersonView
  const view = await engine.openStranger(person.id)
  await view.more().catch((error: unknown) => {
    view.close()
    throw error
  })
  return { person, view }
}

const isNobody = (error: unknown): boolean => error instanceof AppError && ['not_found', 'invalid_input'].includes(error.code)

/** Public entries of somebody who is no friend, read while they are looked at (F1). @param username undefined: nobody is asked for */
export function useStranger(username: string | undefined) {
  const session = useSession()
  const engine = session.kind === 'open' ? session.engine : undefined
  const [tries, setTries] = useState(0)
  const [looked, setLooked] = useState<Looked>()
  useEffect(() => {
    if (!engine || username === undefined) return undefined
    let left = false
    let open: StrangerView | undefined
    look(engine, username).then(
      ({ person, view }) => {
        if (left) return view.close()
        open = view
        setLooked({ kind: 'here', of: username, person, view })
      },
      (error: unknown) => {
        if (!left) setLooked({ kind: isNobody(error) ? 'unknown' : 'unreachable', of: username })
      },
    )
    return () => {
      left = true
      open?.close()
      setLooked(undefined)
    }
  }, [engine, username, tries])
  const again = useCallback(() => setTries((before) => before + 1), [])
  const now = looked && looked.of === username ? looked : undefined
  const watched = now?.kind === 'here' ? watchedDex(dexOnce(now.view)) : undefined
  return { looked: now, watched, again }
}

const dexes = new WeakMap<StrangerView, ReturnType<typeof dexOfStranger>>()

function dexOnce(view: StrangerView) {
  const made = dexes.get(view) ?? dexOfStranger(view)
  dexes.set(view, made)
  return made
}
