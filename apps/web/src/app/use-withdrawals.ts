import { useEffect } from 'react'
import { picturesOf } from './picture.tsx'
import { forgetLooked } from './recent-dexes.ts'
import { usePeople, useSession } from './session.tsx'
import { forgetPlaces } from './wall/wall-place.ts'

/** Takes what the page itself holds of a dex away as soon as it is no longer to be seen (P5); once, in the frame. */
export function useWithdrawals(): void {
  const session = useSession()
  const people = usePeople()
  useEffect(() => {
    if (session.kind !== 'open' || !people?.complete) return
    const isFriend = (account: string) => people.friends.get(account)?.state === 'friends'
    forgetLooked(isFriend)
    const gone = session.others.keepOnly(isFriend)
    if (gone.length === 0) return
    for (const account of gone) picturesOf(session.engine).forget(account)
    forgetPlaces()
  }, [session, people])
}
