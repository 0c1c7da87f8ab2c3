import { ENTRIES } from './fixture/own.ts'
import type { Row } from './row.ts'
import { firstSyncPlain } from './rows/a.ts'
import { unchangedCircle, unchangedOpening, unchangedWarm } from './rows/b.ts'
import { tenChanged } from './rows/c.ts'
import { hundredEdits } from './rows/f.ts'
import { unchangedCirclePulls, unchangedPulls, unmovedCirclePulls, unmovedPulls } from './rows/g.ts'
import { firstCircleAlone, SERVER_SIDE } from './server-side.ts'

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

/** Rows of a person with friends, who have 100 entries each. */
const CIRCLE: readonly Row[] = [firstCircleAlone, unchangedCircle, unchangedCirclePulls, unmovedCirclePulls]
const FRIENDS = [10, 100, 1_000]

/** Rows and sizes that show what grows with the dex, and with the number of friends. */
export const GROWTH: readonly { readonly row: Row; readonly entries: number; readonly friends?: number }[] = [
  ...SIZES.flatMap((entries) => [...BOTH, ...SERVER_SIDE].map((row) => ({ row, entries }))),
  ...SERVER_SIDE.map((row) => ({ row, entries: MOST })),
  ...FRIENDS.flatMap((friends) => CIRCLE.map((row) => ({ row, entries: ENTRIES, friends }))),
]
