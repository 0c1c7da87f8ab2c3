import { inTurns, type Samples } from '../pairs.ts'
import { copyOf } from '../places.ts'
import { pushFromElsewhere } from '../push.ts'
import { type Row, times } from '../row.ts'
import { type Extra, onStage, type Stage } from '../stage.ts'

const CHANGED = 10
const DELETED = 5

/** Changes the dex from elsewhere, and has the bare server answer with what that brings. */
async function moveOn(stage: Stage): Promise<number> {
  const { entries } = stage.dex
  const step = Math.floor(entries.length / (CHANGED + DELETED))
  const chosen = Array.from({ length: CHANGED + DELETED }, (_, index) => entries[index * step] ?? '')
  const favourite = (id: string) => ({ type: 'entry', id, op: 'update' as const, set: { favourite: { to: true } } })
  const gone = (id: string) => ({ type: 'entry', id, op: 'delete' as const })
  await pushFromElsewhere(stage, [...chosen.slice(0, CHANGED).map(favourite), ...chosen.slice(CHANGED).map(gone)])
  const left = entries.length - DELETED
  const record = stage.recorded
  await stage.run('ours', 'changes', await copyOf(stage.stores.ours, 'recording'), left, { record })
  await stage.answer('changes', await stage.changeLines('pull.answer'))
  return left
}

function changes(pairs: number, entries: number, bare: Extra = {}): Promise<Samples> {
  return onStage({ entries }, async (stage) => {
    const left = await moveOn(stage)
    return inTurns(
      pairs,
      () => stage.runFilled('ours', 'changes', left),
      () => stage.runFilled('bare', 'changes', left, bare),
    )
  })
}

export const tenChanged: Row = {
  id: 'C',
  what: '10 changed and 5 deleted: opening the store to stored',
  unit: 'ms',
  target: times(1.3),
  run: (pairs, entries) => changes(pairs, entries),
}

/** The same beside a bare client that asks by `fetch` (docs/decisions/0008). */
export const tenChangedFetch: Row = {
  ...tenChanged,
  id: 'C fetch',
  what: `${tenChanged.what}, the bare client asking by fetch`,
  run: (pairs, entries) => changes(pairs, entries, { fetch: true }),
}
