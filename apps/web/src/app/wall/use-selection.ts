import { useCallback, useMemo, useState } from 'react'
import type { PlateCell } from './cells.ts'
import type { Facts } from './facts.ts'
import type { Wall } from './use-wall.ts'

/** Several plates chosen at once, to do one thing with all of them. */
export interface Selection {
  readonly on: boolean
  readonly begin: () => void
  readonly end: () => void
  /** Chooses what a plate stands for, or leaves it again. */
  readonly toggle: (cell: PlateCell) => void
  readonly all: () => void
  readonly has: (cell: PlateCell) => boolean
  /** Ids of the entries chosen that are still shown. */
  readonly entries: readonly string[]
}

/** The entries that a plate stands for: its own, or every sighting of its animal that is shown. */
export function standsFor({ entry, sightings, latin }: PlateCell, fitting: readonly Facts[]): string[] {
  if (sightings === undefined || latin === '') return [entry]
  const same = latin.toLowerCase()
  return fitting.filter((facts) => facts.latin.toLowerCase() === same).map((facts) => facts.entry.id)
}

const NONE: ReadonlySet<string> = new Set()

export function useSelection({ fitting }: Pick<Wall, 'fitting'>): Selection {
  const [chosen, setChosen] = useState<ReadonlySet<string>>()
  const on = chosen !== undefined
  const entries = useMemo(
    () => (on ? fitting.map(({ entry }) => entry.id).filter((id) => chosen.has(id)) : []),
    [on, chosen, fitting],
  )
  const has = useCallback(({ entry }: PlateCell) => (chosen ?? NONE).has(entry), [chosen])
  const toggle = (cell: PlateCell) =>
    setChosen((before = NONE) => {
      const ids = standsFor(cell, fitting)
      const after = new Set(before)
      for (const id of ids) {
        if (before.has(cell.entry)) after.delete(id)
        else after.add(id)
      }
      return after
    })
  return {
    on,
    begin: () => setChosen(NONE),
    end: () => setChosen(undefined),
    all: () => setChosen(new Set(fitting.map(({ entry }) => entry.id))),
    toggle,
    has,
    entries,
  }
}
