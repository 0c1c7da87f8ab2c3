import { useDeferredValue, useMemo } from 'react'
import { readerLanguage } from '../../app/i18n.tsx'
import { useCatalogue, useDex } from '../../app/session.tsx'
import { type Offer, Picker, pickable } from './picker.ts'
import { type Kept, keptAnimals } from './recents.ts'

/** How many animals a search shows. */
const FOUND = 6

/** The animals of the own dex, the one kept last first. */
export function useKept(): ReadonlyMap<string, Kept> {
  const { entries, animal } = useDex()
  return useMemo(() => keptAnimals(entries.values(), animal), [entries, animal])
}

/** What may be picked for what was typed so far; undefined while nothing is. Typing never waits for it. */
export function useOffer(typed: string, kept: ReadonlyMap<string, Kept>): Offer | undefined {
  const { entries, animal } = useDex()
  const catalogue = useCatalogue()
  const query = useDeferredValue(typed)
  const searching = query.trim() !== ''
  const picker = useMemo(
    () => (searching ? new Picker(pickable(catalogue, entries.values(), animal), readerLanguage()) : undefined),
    [searching, catalogue, entries, animal],
  )
  return useMemo(() => picker?.offer(query, FOUND, (id) => kept.get(`animal/${id}`)?.times ?? 0), [picker, query, kept])
}
