import { inTurns, type Samples } from '../pairs.ts'
import { copyOf } from '../places.ts'
import { type Row, times } from '../row.ts'
import { type Extra, onStage, type Stage } from '../stage.ts'

const EDITS = 100
/** Pushes that a server has carried out before it is measured: nobody's is the first of a day. */
const WARM_UPS = 5
const BRIEF_WARM_UPS = 2

/** One store that lives through all turns: each is edited offline first, beside the clock, and then pushed. */
async function editedAndPushed(stage: Stage, side: 'ours' | 'bare', dir: string, turn: number, bare: Extra): Promise<number> {
  const entries = stage.dex.entries.slice(0, EDITS)
  const record = { record: stage.recorded }
  await stage.run(side, 'edit', dir, stage.count, { ...record, edits: { entries, note: `Turn ${turn}.` } })
  const ms = await stage.run(side, 'push', dir, stage.count, side === 'ours' ? record : bare)
  // The bare machine is sent, and answers, the bytes of ours in the same turn.
  if (side === 'ours') await stage.answer('push', await stage.changeLines('push.answer'))
  return ms
}

function offlineEdits(pairs: number, all: number, brief: boolean, asking: Extra = {}): Promise<Samples> {
  return onStage({ entries: all }, async (stage) => {
    const ours = await copyOf(stage.stores.ours, 'editing')
    const bare = await copyOf(stage.stores.bare, 'editing')
    return inTurns(
      pairs,
      (turn) => editedAndPushed(stage, 'ours', ours, turn, asking),
      (turn) => editedAndPushed(stage, 'bare', bare, turn, asking),
      brief ? BRIEF_WARM_UPS : WARM_UPS,
    )
  })
}

export const hundredEdits: Row = {
  id: 'F',
  what: '100 offline edits: opening the store to acknowledged and durable on both sides',
  unit: 'ms',
  target: times(2),
  run: (pairs, entries, brief) => offlineEdits(pairs, entries, brief),
}

/** The same beside a bare client that asks by `fetch` (docs/decisions/0008). */
export const hundredEditsFetch: Row = {
  ...hundredEdits,
  id: 'F fetch',
  what: `${hundredEdits.what}, the bare client asking by fetch`,
  run: (pairs, entries, brief) => offlineEdits(pairs, entries, brief, { fetch: true }),
}
