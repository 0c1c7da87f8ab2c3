import { FRIENDS } from '../fixture/circle.ts'
import { inTurns, type Samples } from '../pairs.ts'
import { folder } from '../places.ts'
import { type Row, times } from '../row.ts'
import { onStillStage, type Workload } from '../stage.ts'

/** First sync into an empty store. */
function firstSync(pairs: number, load: Workload, zstd: boolean): Promise<Samples> {
  const extra = zstd ? { zstd } : {}
  return onStillStage(load, (stage) => {
    const into = async (side: 'ours' | 'bare') => stage.run(side, 'first', await folder(`first-${side}`), stage.count, extra)
    return inTurns(
      pairs,
      () => into('ours'),
      () => into('bare'),
    )
  })
}

const what = 'First sync, own: opening the store to stored and readable'

export const firstSyncPlain: Row = {
  id: 'A',
  what: `${what}, uncompressed`,
  unit: 'ms',
  target: times(1.1),
  run: (pairs, entries) => firstSync(pairs, { entries }, false),
}

export const firstSyncZstd: Row = {
  id: 'A zstd',
  what: `${what}, zstd`,
  unit: 'ms',
  target: times(1.3),
  run: (pairs, entries) => firstSync(pairs, { entries }, true),
}

const together = 'First sync, circle, in one request: opening the store to stored and readable'

export const firstCirclePlain: Row = {
  id: 'D',
  what: `${together}, uncompressed`,
  unit: 'ms',
  target: times(1.15),
  run: (pairs, entries) => firstSync(pairs, { entries, friends: FRIENDS }, false),
}

export const firstCircleZstd: Row = {
  id: 'D zstd',
  what: `${together}, zstd`,
  unit: 'ms',
  target: times(1.4),
  run: (pairs, entries) => firstSync(pairs, { entries, friends: FRIENDS }, true),
}
