import type { Row } from '../row.ts'
import { firstSyncPlain, firstSyncZstd } from './a.ts'
import { unchangedOpening, unchangedWarm } from './b.ts'
import { tenChanged } from './c.ts'
import { hundredEdits } from './f.ts'
import { unchangedPulls } from './g.ts'

/** Every row, in the order of the page. */
export const ROWS: readonly Row[] = [
  firstSyncPlain,
  firstSyncZstd,
  unchangedOpening,
  unchangedWarm,
  tenChanged,
  hundredEdits,
  unchangedPulls,
]
