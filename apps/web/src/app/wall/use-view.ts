import { useNavigate, useSearch } from '@tanstack/react-router'
import { useEffect, useMemo } from 'react'
import { rememberSort } from '../remembered.ts'
import { parseSearch, stringifySearch } from '../search-text.ts'
import { useOther } from '../session.tsx'
import { type Facet, type Picks, toggled } from './facets.ts'
import { rememberWall } from './last-wall.ts'
import { PLAIN, searchOf, type View, viewOf } from './wall-address.ts'
import { writePlace } from './wall-place.ts'

/** One name for each way of showing the wall. */
export const wallKey = (view: View): string => stringifySearch(searchOf(view))

/** The name of a way of showing a wall, under which its place is kept. @param dex id of its account where it is not one's own */
export const placeKey = (dex: string | undefined, view: View): string => (dex === undefined ? '' : `${dex} `) + wallKey(view)

/** How the address says that the wall be shown. */
export function useView(): View {
  const key = wallKey(viewOf(useSearch({ strict: false })))
  const username = useOther()?.username
  useEffect(() => rememberWall(username, parseSearch(key)), [key, username])
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
  const other = useOther()
  const username = other?.username
  const dex = other?.person?.id
  return useMemo(() => {
    const take = (wanted: View, replace = false) => {
      rememberWall(username, searchOf(wanted))
      rememberSort(wanted.reverse ? `${wanted.sort},reverse` : wanted.sort)
      // Chosen anew it begins at its top; only going back finds the place where it was.
      if (wallKey(wanted) !== wallKey(view)) writePlace(placeKey(dex, wanted), undefined)
      void navigate({ to: '.', search: () => searchOf(wanted), replace })
    }
    const pick = (picks: Picks, replace?: boolean) => take({ ...view, picks }, replace)
    return {
      take,
      toggle: (facet, value, replace) => pick(toggled(view.picks, facet, value), replace),
      clear: () => pick(PLAIN.picks),
    }
  }, [view, navigate, username, dex])
}
