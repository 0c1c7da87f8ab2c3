import type { DexView } from '@biologidex/client/face'
import { useEffect, useState } from 'react'
import { rememberLooked } from './recent-dexes.ts'
import { useSession } from './session.tsx'

/** Least time between two notes that somebody looks at a dex, in milliseconds. */
const LOOKING = 1000

/** Says that the dex is being looked at: now, whenever it changes meanwhile, and when it is left. */
function look(view: DexView, looked: () => void): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined
  const soon = () => {
    timer ??= setTimeout(() => {
      timer = undefined
      looked()
    }, LOOKING)
  }
  looked()
  // Said once more in a moment: a tab that has just been opened has nobody yet to note it.
  soon()
  const unsubscribe = view.subscribe(soon)
  return () => {
    unsubscribe()
    clearTimeout(timer)
    looked()
  }
}

/** A friend's dex, opened, or at once where it was open. @param account undefined: no friend's dex is asked for */
export function useFriendView(account: string | undefined): DexView | undefined {
  const session = useSession()
  const open = session.kind === 'open' ? session : undefined
  const [read, setRead] = useState<DexView>()
  useEffect(() => {
    if (!open || account === undefined) return undefined
    let left = false
    let stop: (() => void) | undefined
    const { engine, others } = open
    const show = (view: DexView) => {
      if (left) return
      setRead(view)
      rememberLooked(account)
      stop = look(view, () => void engine.looked(account))
    }
    others.open(account).then(show, (error: unknown) => {
      // Closed meanwhile, or a store that cannot be read, which is told of elsewhere.
      if (!left) console.error('A dex could not be opened.', error)
    })
    return () => {
      left = true
      stop?.()
      setRead(undefined)
    }
  }, [open, account])
  if (!open || account === undefined) return undefined
  return read?.account === account ? read : open.others.peek(account)
}
