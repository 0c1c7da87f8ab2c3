import { useEffect, useState } from 'react'
import { useDexIfOpen, useLastSuccess, useSession } from './session.tsx'

interface Shown {
  readonly sha256: string
  readonly url: string
}

/** Addresses by checksum, for as long as the page lives: one's own picture stands on every screen, and is small. */
const known = new Map<string, string>()

/** Address of the own profile's picture; undefined while there is none, or it is not here yet. */
export function useOwnAvatar(): string | undefined {
  const session = useSession()
  const dex = useDexIfOpen()
  const engine = session.kind === 'open' ? session.engine : undefined
  const sha256 = dex?.profile?.avatar?.sha256
  const account = dex?.account
  const [shown, setShown] = useState<Shown>()
  // Asked again after each sync that went through, until it is here.
  const success = useLastSuccess()
  useEffect(() => {
    if (!engine || !sha256 || !account) return undefined
    let left = false
    const show = (url: string) => setShown((before) => (before?.url === url ? before : { sha256, url }))
    const keep = (bytes: Uint8Array | undefined) => {
      if (!bytes || left) return
      const url = known.get(sha256) ?? URL.createObjectURL(new Blob([bytes as Uint8Array<ArrayBuffer>]))
      known.set(sha256, url)
      show(url)
    }
    const here = known.get(sha256)
    if (here) show(here)
    // A store that cannot be read is told of elsewhere; the letter stays.
    else engine.avatar({ dex: account, sha256 }).then(keep, () => undefined)
    return () => {
      left = true
    }
  }, [engine, sha256, account, success])
  if (!sha256) return undefined
  return known.get(sha256) ?? (shown?.sha256 === sha256 ? shown.url : undefined)
}
