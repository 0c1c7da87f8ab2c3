import { inTurns, type Samples } from '../pairs.ts'
import { folder } from '../places.ts'
import { type Row, times } from '../row.ts'
import { onStillStage } from '../stage.ts'

/** First sync into an empty store. */
function firstSync(pairs: number, entries: number, zstd: boolean): Promise<Samples> {
  const extra = zstd ? { zstd } : {}
  return onStillStage(entries, (stage) => {
    const into = async (side: 'ours' | 'bare') =>
      stage.run(side, 'first', await folder(`first-${side}`), stage.dex.entries.length, extra)
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
  run: (pairs, entries) => firstSync(pairs, entries, false),
}

export const firstSyncZstd: Row = {
  id: 'A zstd',
  what: `${what}, zstd`,
  unit: 'ms',
  target: times(1.3),
  run: (pairs, entries) => firstSync(pairs, entries, true),
}
