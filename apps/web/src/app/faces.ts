import type { DexSummary } from '@biologidex/client/face'
import type { PersonView } from '@biologidex/core/friends/friend'
import { useMemo } from 'react'
import { readerLocales } from './i18n.tsx'
import { recentDexes } from './recent-dexes.ts'
import { type People, useDexes, useOther, usePeople } from './session.tsx'

/** A friend whose dex can be looked into, with what is on this device of it. */
export interface Face {
  readonly person: PersonView
  readonly summary: DexSummary | undefined
}

const { compare } = new Intl.Collator(readerLocales(), { numeric: true })

/** Friends as they are switched among: those looked at last first, then by name. */
export function facesOf(
  people: Pick<People, 'friends'>,
  dexes: readonly DexSummary[],
  recent: readonly string[],
): readonly Face[] {
  const summaries = new Map(dexes.map((summary) => [summary.account, summary]))
  const rank = new Map(recent.map((account, at) => [account, at]))
  const at = ({ person }: Face): number => rank.get(person.id) ?? recent.length
  return [...people.friends.values()]
    .filter(({ state }) => state === 'friends')
    .map((person): Face => ({ person, summary: summaries.get(person.id) }))
    .sort((a, b) => at(a) - at(b) || compare(a.person.displayName, b.person.displayName))
}

const NONE: readonly Face[] = []

/** Friends' dexes in their order. It changes when another dex is opened, not while one is looked at. */
export function useFaces(): readonly Face[] {
  const people = usePeople()
  const dexes = useDexes()
  const shown = useOther()?.person?.id
  // `shown`: looking at a dex moves it to the front.
  return useMemo(() => (people ? facesOf(people, dexes, recentDexes()) : NONE), [people, dexes, shown])
}
