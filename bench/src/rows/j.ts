import { firstSyncs } from '../chromium/first-sync.ts'
import { type Row, times } from '../row.ts'

export const firstSyncInBrowser: Row = {
  id: 'J',
  what: 'Chromium, first sync, own: first byte to all stored, beside a Dexie bulkPut alone of the same records',
  unit: 'ms',
  target: times(0.4),
  run: (pairs) => firstSyncs(pairs, 'stored'),
}

export const firstPlates: Row = {
  id: 'J plates',
  what: 'Chromium, first sync, own: first byte to first plates painted, beside plain boxes',
  unit: 'ms',
  target: { words: '≤ 100 ms', met: (ours) => ours <= 100 },
  run: (pairs) => firstSyncs(pairs, 'plates'),
}
