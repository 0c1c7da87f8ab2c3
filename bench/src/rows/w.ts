import { inTurns } from '../pairs.ts'
import type { Row } from '../row.ts'
import { changingWidely, type Wide } from '../wide-change.ts'

/** Entries of the dex, whatever the others rows' have. */
const ENTRIES = 100_000

const row = (id: string, what: string, change: (wide: Wide) => Promise<number>): Row => ({
  id,
  what: `${what} of 100,000 entries that friends see: the longest that the server's event loop stood still until all was carried out; beside an idle server`,
  unit: 'ms',
  target: { words: '≤ 50 ms', met: (ours) => ours <= 50 },
  run: (pairs) =>
    changingWidely(ENTRIES, (wide) =>
      inTurns(
        pairs,
        () => change(wide),
        () => wide.idle(),
      ),
    ),
})

export const speciesVulnerable = row('W species', 'A species becomes vulnerable', ({ vulnerable }) => vulnerable())
export const placesNarrowed = row('W places', 'Places are shown less finely', ({ narrowed }) => narrowed())
