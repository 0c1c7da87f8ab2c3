import type { ServerView } from '@biologidex/core/accounts/routes'
import { useCallback, useEffect, useState } from 'react'
import { askServer } from './accounts.actions.ts'

/** The server as anyone may know it: being asked, answered, or out of reach. */
export type ServerState = 'asking' | 'unreachable' | ServerView

/** Asks the server once, and again when told to or when the network returns. */
export function useServer(): { readonly server: ServerState; readonly again: () => void } {
  const [server, setServer] = useState<ServerState>('asking')
  const again = useCallback(() => {
    askServer().then(setServer, () => setServer('unreachable'))
  }, [])
  useEffect(() => {
    again()
    window.addEventListener('online', again)
    return () => window.removeEventListener('online', again)
  }, [again])
  return { server, again }
}
