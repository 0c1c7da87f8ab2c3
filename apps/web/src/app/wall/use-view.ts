import { useNavigate, useSearch } from '@tanstack/react-router'
import { useEffect, useMemo } from 'react'
import { rememberedSort, rememberSort } from '../remembered.ts'
import { parseSearch, stringifySearch } from '../search-text.ts'
import { type Facet, type Picks, toggled } from './facets.ts'
import { PLAIN, searchOf, type View, viewOf, type WallSearch } from './wall-address.ts'
import { writePlace } from './wall-place.ts'

const [sort = '', direction] = rememberedSort()?.split(',') ?? []

/** How the wall was shown last; at the start in the order of last time. */
let last: WallSearch = searchOf(viewOf({ sort, reverse: direction === 'reverse' ? 'yes' : '' }))

/** What a way to the wall leads to that says nothing of filters and order: the wall as it was left. */
export const lastWall = (): WallSearch => last

/** One name for each way of showing the wall. */
export const wallKey = (view: View): string => stringifySearch(searchOf(view))

/** How the address says that the wall be shown. */
export function useView(): View {
  const key = wallKey(viewOf(useSearch({ from: '/frame/wall' })))
  useEffect(() => {
    last = parseSearch(key)
  }, [key])
  return useMemo(() => viewOf(parseSearch(key)), [key])
}

/** Changing how the wall is shown. */
export interface TakeView {
  /** `replace`: as a part of the change before, so that going back undoes both. */
  readonly take: (view: View, replace?: boolean) => void
  readonly toggle: (facet: Facet, value: string, replace?: boolean) => void
  readonly clear: () => void
}

export function useTakeView(view: View): TakeView {
  const navigate = useNavigate()
  return useMemo(() => {
    const take = (wanted: View, replace = false) => {
      last = searchOf(wanted)
      rememberSort(wanted.reverse ? `${wanted.sort},reverse` : wanted.sort)
      // Chosen anew it begins at its top; only going back finds the place where it was.
      if (wallKey(wanted) !== wallKey(view)) writePlace(wallKey(wanted), undefined)
      void navigate({ to: '.', search: () => searchOf(wanted), replace })
    }
    const pick = (picks: Picks, replace?: boolean) => take({ ...view, picks }, replace)
    return {
      take,
      toggle: (facet, value, replace) => pick(toggled(view.picks, facet, value), replace),
      clear: () => pick(PLAIN.picks),
    }
  }, [view, navigate])
}
