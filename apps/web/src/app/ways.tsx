import { Link, useMatchRoute, useNavigate } from '@tanstack/react-router'
import { type ComponentProps, type ReactNode, useMemo } from 'react'
import { useOther } from './session.tsx'
import { lastWallOf } from './wall/last-wall.ts'

/** Ways within the dex on screen, one's own or another's: the wall as it was left, and its entries. */
export interface Ways {
  readonly wall: () => void
  readonly entry: (id: string) => void
  /** The address of an entry. */
  readonly href: (id: string) => string
}

export const hrefOf = (username: string | undefined, entry: string): string =>
  username === undefined ? `/entry/${entry}` : `/dex/${encodeURIComponent(username)}/entry/${entry}`

export function useWays(): Ways {
  const navigate = useNavigate()
  const username = useOther()?.username
  return useMemo(() => {
    const href = (id: string) => hrefOf(username, id)
    if (username === undefined)
      return {
        href,
        wall: () => void navigate({ to: '/' }),
        entry: (id) => void navigate({ to: '/entry/$id', params: { id } }),
      }
    const search = () => lastWallOf(username)
    return {
      href,
      wall: () => void navigate({ to: '/dex/$username', params: { username }, search: search() }),
      entry: (id) => void navigate({ to: '/dex/$username/entry/$id', params: { username, id }, search: search() }),
    }
  }, [navigate, username])
}

type LinkLook = Pick<ComponentProps<'a'>, 'className' | 'aria-label' | 'title'> & { readonly children: ReactNode }

/** A link to the wall of the dex on screen. */
export function WallLink(look: LinkLook) {
  const username = useOther()?.username
  if (username === undefined) return <Link to="/" {...look} />
  return <Link to="/dex/$username" params={{ username }} search={lastWallOf(username)} {...look} />
}

/** A link to somebody's dex, as it was left. */
export function DexLink({ username, ...look }: LinkLook & { readonly username: string }) {
  return (
    <Link
      to="/dex/$username"
      params={{ username }}
      search={lastWallOf(username)}
      activeOptions={{ includeSearch: false }}
      {...look}
    />
  )
}

/** The id of the entry that is open in the dex on screen, from the address. */
export function useOpenEntry(): string | undefined {
  const match = useMatchRoute()
  const own = match({ to: '/entry/$id' })
  const other = match({ to: '/dex/$username/entry/$id' })
  return (own ? own.id : undefined) ?? (other ? other.id : undefined)
}
