import type { FriendOnScreen } from '@biologidex/client/face'
import { useMatchRoute, useNavigate } from '@tanstack/react-router'
import { useEffect, useMemo, useRef } from 'react'
import { say } from '../ui/toast.ts'
import { t } from './i18n.tsx'
import { type People, useOwnDexIfOpen, usePeople } from './session.tsx'
import type { OtherDex, OtherState } from './shown-context.ts'
import { useFriendView } from './use-friend-view.ts'
import { useStranger } from './use-stranger.ts'
import { watchedDex } from './watched-dex.ts'

/** As `foldUsername` of the contract, which would bring the schema library into the first screen. */
const fold = (username: string): string => username.normalize('NFKC').toLowerCase()

function friendCalled(people: People | undefined, username: string | undefined): FriendOnScreen | undefined {
  if (!people || username === undefined) return undefined
  const wanted = fold(username)
  for (const person of people.friends.values()) {
    if (person.state === 'friends' && fold(person.username) === wanted) return person
  }
  return undefined
}

/** The name in the address, while somebody's dex is asked for. */
function useAskedName(): string | undefined {
  const match = useMatchRoute()({ to: '/dex/$username', fuzzy: true })
  return match ? match.username : undefined
}

/** One's own name in the address is one's own dex. */
function useOwnName(username: string | undefined): boolean {
  const own = useOwnDexIfOpen()?.profile?.username
  const navigate = useNavigate()
  const isOwn = username !== undefined && own !== undefined && fold(own) === fold(username)
  useEffect(() => {
    if (isOwn) void navigate({ to: '/', replace: true })
  }, [isOwn, navigate])
  return isOwn
}

/** Access that ends while somebody looks leads to their own wall, with a sentence. Answers true once it ended. */
function useLeaving(username: string | undefined, friend: FriendOnScreen | undefined): boolean {
  const navigate = useNavigate()
  const was = useRef<FriendOnScreen>(undefined)
  if (friend) was.current = friend
  else if (was.current && (username === undefined || fold(was.current.username) !== fold(username))) was.current = undefined
  const gone = friend ? undefined : was.current
  useEffect(() => {
    if (!gone) return
    say({ id: 'dex-gone', text: t('dex.gone', { name: gone.displayName }) })
    void navigate({ to: '/', replace: true })
  }, [gone, navigate])
  return gone !== undefined
}

function stateOf(isHere: boolean, looked: { readonly kind: OtherState } | undefined): OtherState {
  return isHere ? 'here' : (looked?.kind ?? 'opening')
}

/** Whose dex the address asks for: a friend's from this device, a stranger's from the server; undefined: one's own. */
export function useOtherDex(): OtherDex | undefined {
  const username = useAskedName()
  const people = usePeople()
  const isOwn = useOwnName(username)
  const friend = useMemo(() => friendCalled(people, username), [people, username])
  const isGone = useLeaving(username, friend)
  const view = useFriendView(friend?.id)
  const isAsked = people !== undefined && !friend && !isGone && !isOwn
  const { looked, watched, again } = useStranger(isAsked ? username : undefined)
  return useMemo(() => {
    if (username === undefined || isOwn) return undefined
    const shared = { username, again }
    if (friend) {
      const shown = view && watchedDex(view)
      return {
        ...shared,
        relation: 'friend',
        person: friend,
        watched: shown,
        state: stateOf(!!shown, undefined),
        more: undefined,
      }
    }
    const here = looked?.kind === 'here' ? looked : undefined
    const more = here ? () => here.view.more() : undefined
    return { ...shared, relation: 'stranger', person: here?.person, watched, state: stateOf(!!here, looked), more }
  }, [username, isOwn, friend, view, looked, watched, again])
}
