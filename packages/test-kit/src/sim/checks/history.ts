import type { Identification } from '@biologidex/core/entries/entry'
import { mergeList } from '@biologidex/core/sync/merge'
import type { Revised, Rows } from './rows.ts'
import { meaning, standing } from './same.ts'

/** An entry as its revisions tell it. */
class Told {
  readonly fields = new Map<string, unknown>([['identifications', []]])
  deleted = false
  readonly complaints: string[] = []
  readonly #rows: Rows

  constructor(rows: Rows) {
    this.#rows = rows
  }

  read({ field, op, was, to, n }: Revised): void {
    if (op === 'delete') this.deleted = true
    else if (op) this.deleted = false
    if (op === 'revive') this.fields.set('visibility', 'private')
    if (!field || field.startsWith('image/')) return
    const before = this.fields.get(field)
    if (meaning(this.#rows, field, was) !== meaning(this.#rows, field, before)) {
      this.complaints.push(`revision ${n} says that ${field} was ${JSON.stringify(was)}, not ${JSON.stringify(before)}`)
    }
    if (field === 'identifications') this.fields.set(field, mergeList([], to as unknown as Identification[]))
    else this.fields.set(field, to)
  }
}

/** Fields that a revision need not mention, because an entry is made with them. */
const GIVEN = new Set(['visibility'])

/** Each entry is what its revisions say, one after another from nothing. */
export function* checkHistory(rows: Rows): Iterable<string> {
  for (const row of rows.entries.values()) {
    const told = new Told(rows)
    for (const line of rows.revised.get(row.id) ?? []) {
      if (line.field && GIVEN.has(line.field) && !told.fields.has(line.field)) told.fields.set(line.field, line.was)
      told.read(line)
    }
    for (const complaint of told.complaints) yield `${row.id}: ${complaint}`
    if (told.deleted !== (row.deleted_at !== null)) yield `${row.id}: its revisions say ${told.deleted ? '' : 'not '}deleted`
    for (const [field, value] of told.fields) {
      const stands = field === 'identifications' ? JSON.parse(row.identifications) : standing(rows, row.id, field)
      if (meaning(rows, field, stands) !== meaning(rows, field, value) && JSON.stringify(stands) !== JSON.stringify(value)) {
        yield `${row.id}: ${field} is ${JSON.stringify(stands)}, by its revisions ${JSON.stringify(value)}`
      }
    }
    const numbers = new Set((rows.revised.get(row.id) ?? []).map(({ n }) => n))
    if (numbers.size !== row.revision) yield `${row.id}: ${row.revision} revisions are counted, ${numbers.size} are there`
  }
}
