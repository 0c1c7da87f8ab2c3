import type { Visibility } from '@biologidex/core/entries/entry'
import { narrower } from '@biologidex/core/entries/entry'
import { type Deed, type Done, type Ledger, markOf } from '../ledger.ts'
import type { Rows } from './rows.ts'
import { meaning, standing } from './same.ts'

/** One field of one change that was kept. */
interface Wish {
  readonly entry: string
  readonly field: string
  readonly was: string
  readonly to: string
  /** It says what an animal is called. */
  readonly calls: boolean
  readonly deed: Deed
}

/** Of what is said of a picture only its description is typed. */
const TYPED_OF_IMAGES: ReadonlySet<string> = new Set(['alt'])

const saysName = (ref: unknown): boolean => typeof ref === 'object' && ref !== null && 'commonName' in ref

/** @param entries the entries of pictures */
function wishesOf(rows: Rows, { deed, draft }: Done, entries: ReadonlyMap<string, string>): Wish[] {
  const isImage = draft.type === 'image'
  if (draft.type !== 'entry' && !isImage) return []
  const entry = isImage ? (entries.get(draft.id) ?? '') : draft.id
  return Object.entries(draft.set ?? {}).flatMap(([name, change]) => {
    if (!('to' in change) || (isImage && !TYPED_OF_IMAGES.has(name))) return []
    const field = isImage ? `image/${draft.id}/${name}` : name
    const [was, to] = [meaning(rows, field, change.was), meaning(rows, field, change.to)]
    return [{ entry, field, was, to, calls: name === 'animal' && saysName(change.to), deed }]
  })
}

/** What came of the fields of all entries, by entry, field and value. */
class Outcomes {
  readonly taken = new Map<string, number>()
  readonly lost = new Map<string, number>()
  readonly settled = new Set<string>()

  constructor(rows: Rows, ledger: Ledger) {
    const count = (map: Map<string, number>, key: string) => map.set(key, (map.get(key) ?? 0) + 1)
    for (const lines of rows.revised.values()) {
      for (const { entry, field = '', to, byRevival } of lines)
        if (!byRevival) count(this.taken, keyOf(entry, field, meaning(rows, field, to)))
    }
    for (const { entry, field, lost } of rows.conflicts) count(this.lost, keyOf(entry, field, meaning(rows, field, lost)))
    for (const { deed, entry, field, lost } of ledger.settlements) {
      if (deed.kept) this.settled.add(keyOf(entry, field, meaning(rows, field, lost)))
    }
  }
}

const keyOf = (entry: string, field: string, value: string): string => `${entry} ${field} ${value}`

/** Of two visibilities the narrower stands: a wider one may have been asked for in vain. */
function isNarrowed(rows: Rows, { entry, to }: Wish): boolean {
  const lines = rows.revised.get(entry) ?? []
  const had = lines.flatMap(({ field, op, to: value }) =>
    op === 'revive' ? ['private'] : field === 'visibility' ? [value] : [],
  )
  const asked = JSON.parse(to) as Visibility
  return had.some((one) => narrower(one as Visibility, asked) === one)
}

function isAccountedFor(rows: Rows, outcomes: Outcomes, wish: Wish): boolean {
  const { entry, field, to } = wish
  const key = keyOf(entry, field, to)
  if (outcomes.taken.has(key) || outcomes.lost.has(key) || outcomes.settled.has(key)) return true
  if (to === 'null' && meaning(rows, field, standing(rows, entry, field)) === 'null') return true
  return field === 'visibility' && isNarrowed(rows, wish)
}

/** Every revision is a change that somebody made, in the knowledge of what it replaced. */
function* checkSeen(rows: Rows, wishes: readonly Wish[]): Iterable<string> {
  for (const { entry, field, was, to, byRevival } of [...rows.revised.values()].flat()) {
    if (byRevival || field === undefined || field === 'identifications') continue
    if (field.startsWith('image/') && !TYPED_OF_IMAGES.has(field.split('/')[2] ?? '')) continue
    const [before, after] = [meaning(rows, field, was), meaning(rows, field, to)]
    const made = wishes.filter((wish) => wish.entry === entry && wish.field === field && wish.to === after)
    if (made.length === 0) yield `nobody wanted ${field} of ${entry} to be ${after}`
    // Of that animal already, and called something for the first time: that is taken from who had not seen it, too.
    else if (field === 'animal' && before === after && made.some(({ calls }) => calls)) continue
    else if (field !== 'visibility' && !made.some((wish) => wish.was === before)) {
      yield `${field} of ${entry} became ${after}, over ${before}, which nobody had seen who wanted it`
    }
  }
}

function* checkOnce(outcomes: Outcomes, wishes: readonly Wish[]): Iterable<string> {
  const wanted = new Map<string, number>()
  for (const { entry, field, to, deed } of wishes) {
    const key = keyOf(entry, field, to)
    wanted.set(key, (wanted.get(key) ?? 0) + 1 + deed.replays)
  }
  for (const key of new Set([...outcomes.taken.keys(), ...outcomes.lost.keys()])) {
    const times = (outcomes.taken.get(key) ?? 0) + (outcomes.lost.get(key) ?? 0)
    const most = wanted.get(key)
    if (most !== undefined && times > most) yield `"${key}" was typed ${most} times and is there ${times} times`
  }
  for (const key of outcomes.lost.keys()) if (!wanted.has(key)) yield `a clash holds what nobody typed: "${key}"`
}

/** The marks that changes leave on their entries: each is there, and once. */
function* checkMarks(rows: Rows, done: readonly Done[]): Iterable<string> {
  for (const { deed, draft } of done) {
    const mark = markOf(draft)
    const said = rows.entries.get(draft.id)?.identifications ?? '[]'
    const times = (JSON.parse(said) as { id: string }[]).filter(({ id }) => id === mark).length
    if (mark && times !== 1 && (deed.kept === true || times > 1))
      yield `what ${deed.device} said of ${draft.id} is there ${times} times`
  }
}

/**
 * Every value that was kept on a device stands, or was replaced by somebody who had seen it, or is kept as a clash, or was let
 * go by the person; and nothing came about twice, or by itself (check 2).
 * @param aside changes that were set aside with a reason
 */
export function* checkChanges(rows: Rows, ledger: Ledger, aside: ReadonlySet<Done['draft']>): Iterable<string> {
  const done = ledger.possible().filter(({ draft }) => !aside.has(draft))
  const entries = new Map(ledger.photos(true).map(({ image, entry }) => [image, entry]))
  const wishes = done.flatMap((one) => wishesOf(rows, one, entries))
  const outcomes = new Outcomes(rows, ledger)
  for (const wish of wishes) {
    const { entry, field, to, deed } = wish
    if (deed.kept === true && !isAccountedFor(rows, outcomes, wish))
      yield `${field} of ${entry} by ${deed.device} is lost: ${to}`
  }
  yield* checkSeen(rows, wishes)
  yield* checkOnce(outcomes, wishes)
  yield* checkMarks(rows, done)
}
