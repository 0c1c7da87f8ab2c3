import { useEffect, useState } from 'react'
import { useDexIfOpen, useLastSuccess, useOther, useOwnDexIfOpen, useSession } from './session.tsx'

interface Shown {
  readonly sha256: string
  readonly url: string
}

/** Addresses by checksum, for as long as the page lives: faces stand on every screen, and are small. */
const known = new Map<string, string>()

/** Whose picture, and which; absent: there is none. */
export interface AvatarAt {
  readonly dex: string | undefined
  readonly sha256: string | undefined
}

/** Address of a profile's picture; undefined while there is none, or it is not here yet. */
export function useAvatar({ dex, sha256 }: AvatarAt): string | undefined {
  const session = useSession()
  const engine = session.kind === 'open' ? session.engine : undefined
  const [shown, setShown] = useState<Shown>()
  // Asked again after each sync that went through, until it is here.
  const success = useLastSuccess()
  useEffect(() => {
    if (!engine || !sha256 || !dex) return undefined
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
    else engine.avatar({ dex, sha256 }).then(keep, () => undefined)
    return () => {
      left = true
    }
  }, [engine, sha256, dex, success])
  if (!sha256) return undefined
  return known.get(sha256) ?? (shown?.sha256 === sha256 ? shown.url : undefined)
}

/** Address of the own profile's picture. */
export function useOwnAvatar(): string | undefined {
  const own = useOwnDexIfOpen()
  return useAvatar({ dex: own?.account, sha256: own?.profile?.avatar?.sha256 })
}

/** Address of the picture of whose dex is on screen. */
export function useWhoseAvatar(): string | undefined {
  const dex = useDexIfOpen()
  const person = useOther()?.person
  return useAvatar({ dex: dex?.account ?? person?.id, sha256: (dex?.profile ?? person)?.avatar?.sha256 })
}
