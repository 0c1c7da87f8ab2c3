import { inTurns, type Samples } from '../pairs.ts'
import { type Row, times } from '../row.ts'
import { onStillStage } from '../stage.ts'

function unchanged(pairs: number, entries: number, work: 'unchanged' | 'warm'): Promise<Samples> {
  return onStillStage(entries, (stage) => {
    return inTurns(
      pairs,
      () => stage.runFilled('ours', work, entries),
      () => stage.runFilled('bare', work, entries),
    )
  })
}

export const unchangedOpening: Row = {
  id: 'B',
  what: 'Nothing changed, own: opening the store to known unchanged',
  unit: 'ms',
  target: times(1.2),
  run: (pairs, entries) => unchanged(pairs, entries, 'unchanged'),
}

export const unchangedWarm: Row = {
  id: 'B warm',
  what: 'Nothing changed, own, both sides warm: median of 200',
  unit: 'ms',
  target: { words: '< 1 ms', met: (ours) => ours < 1 },
  run: (pairs, entries) => unchanged(pairs, entries, 'warm'),
}
