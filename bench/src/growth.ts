import type { Row } from './row.ts'
import { firstSyncPlain } from './rows/a.ts'
import { unchangedOpening, unchangedWarm } from './rows/b.ts'
import { tenChanged } from './rows/c.ts'
import { hundredEdits } from './rows/f.ts'
import { unchangedPulls, unmovedPulls } from './rows/g.ts'
import { SERVER_SIDE } from './server-side.ts'

const SIZES = [1_000, 10_000, 100_000]
/** Only the server is asked to hold this many: no person's client does. */
const MOST = 1_000_000

const BOTH: readonly Row[] = [
  firstSyncPlain,
  unchangedOpening,
  unchangedWarm,
  tenChanged,
  hundredEdits,
  unchangedPulls,
  unmovedPulls,
]

/** Rows and sizes that show what grows with the dex. */
export const GROWTH: readonly { readonly row: Row; readonly entries: number }[] = [
  ...SIZES.flatMap((entries) => [...BOTH, ...SERVER_SIDE].map((row) => ({ row, entries }))),
  ...SERVER_SIDE.map((row) => ({ row, entries: MOST })),
]
