import { FRIENDS } from '../fixture/circle.ts'
import { inTurns, type Samples } from '../pairs.ts'
import { type Row, times } from '../row.ts'
import { type Extra, onStillStage, type Workload } from '../stage.ts'

function unchanged(pairs: number, load: Workload, work: 'unchanged' | 'warm', bare: Extra = {}): Promise<Samples> {
  return onStillStage(load, (stage) => {
    return inTurns(
      pairs,
      () => stage.runFilled('ours', work, stage.count),
      () => stage.runFilled('bare', work, stage.count, bare),
    )
  })
}

export const unchangedOpening: Row = {
  id: 'B',
  what: 'Nothing changed, own: opening the store to known unchanged',
  unit: 'ms',
  target: times(1.2),
  run: (pairs, entries) => unchanged(pairs, { entries }, 'unchanged'),
}

export const unchangedWarm: Row = {
  id: 'B warm',
  what: 'Nothing changed, own, both sides warm: median of 200, behind 1,000 that are not counted',
  unit: 'ms',
  target: { words: '< 1 ms', met: (ours) => ours < 1 },
  run: (pairs, entries) => unchanged(pairs, { entries }, 'warm'),
}

export const unchangedCircle: Row = {
  id: 'E',
  what: 'Nothing changed, circle: opening the store to known unchanged',
  unit: 'ms',
  target: times(1.2),
  run: (pairs, entries, _brief, friends = FRIENDS) => unchanged(pairs, { entries, friends }, 'unchanged'),
}

/** The same two beside a bare client that asks by `fetch` (docs/decisions/0008). */
export const unchangedOpeningFetch: Row = {
  ...unchangedOpening,
  id: 'B fetch',
  what: `${unchangedOpening.what}, the bare client asking by fetch`,
  run: (pairs, entries) => unchanged(pairs, { entries }, 'unchanged', { fetch: true }),
}

export const unchangedCircleFetch: Row = {
  ...unchangedCircle,
  id: 'E fetch',
  what: `${unchangedCircle.what}, the bare client asking by fetch`,
  run: (pairs, entries, _brief, friends = FRIENDS) => unchanged(pairs, { entries, friends }, 'unchanged', { fetch: true }),
}
