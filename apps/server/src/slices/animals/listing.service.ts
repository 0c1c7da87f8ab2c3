import { type AnimalItem, isVulnerable } from '@biologidex/core/animals/animal'
import { same } from '@biologidex/core/json'
import type { Context } from '../../context.ts'
import type { Tx } from '../../db/db.ts'
import type { AnimalsTable } from '../../db/tables.ts'
import { changeIucn } from '../entries/vulnerability.service.ts'
import { createCatalogue } from '../sync/feed-writer.ts'
import { publishAnimal } from './animals.feed.ts'
import { newRow, openCatalogue } from './animals.service.ts'
import { type AnimalRecord, isShown, partsByKey } from './animals.store.ts'
import type { ListedAnimal, ListLine } from './list-file.ts'

/** Rows in one transaction: few enough that nobody else waits long for the catalogue. */
const BATCH = 200

/** What came of a list's animals; `narrowed`: what became vulnerable, whose places others see no finer than an area from now on. */
export interface Listed {
  readonly added: number
  readonly changed: number
  readonly same: number
  readonly narrowed: number
}

/** An animal that became vulnerable, or is so no more: more than its record has to change. */
interface Turned {
  readonly id: string
  readonly iucn: AnimalItem['iucn']
  /** By the names that it has now, it or its subspecies may be vulnerable where they were not before. */
  readonly renamed?: boolean
}

type Services = Pick<Context, 'db' | 'nudges' | 'jobs'>

export interface ListingOptions {
  /** Told of lines that say nothing. */
  readonly onProblem: (line: number, problem: string) => void
  /** Whether an animal that is there may be described anew; without it, any may. */
  readonly mayChange?: (before: AnimalsTable) => boolean
}

/**
 * Brings the animals of a list into the catalogue, verified: new ones without a number (one gets its number only when
 * somebody keeps it), known ones renamed in place, so that ids and numbers stay. What the list does not say of an animal stays as it
 * was: names in other languages, a category. Cut anywhere, it can be done again; done again, it changes nothing.
 */
export async function takeList(ctx: Services, lines: AsyncIterable<ListLine>, options: ListingOptions): Promise<Listed> {
  await ctx.db.write(createCatalogue)
  const listed = { added: 0, changed: 0, same: 0, narrowed: 0 }
  const take = async (batch: readonly ListedAnimal[]) => {
    const { turned, ...counts } = await ctx.db.write((tx) => takeBatch(tx, ctx, batch, options))
    listed.added += counts.added
    listed.changed += counts.changed
    listed.same += counts.same
    for (const { id, iucn, renamed } of turned) {
      await changeIucn(ctx, id, iucn, renamed)
      if (isVulnerable(iucn?.category)) listed.narrowed += 1
    }
  }
  let batch: ListedAnimal[] = []
  for await (const line of lines) {
    if ('problem' in line) options.onProblem(line.line, line.problem)
    else batch.push(line.animal)
    if (batch.length < BATCH) continue
    await take(batch)
    batch = []
  }
  if (batch.length > 0) await take(batch)
  return listed
}

/** Only a kept animal can be shown: most of a list needs no look. */
const shown = async (tx: Tx, row: AnimalsTable): Promise<boolean> => row.number !== null && (await isShown(tx.q, row.id))

async function takeBatch(tx: Tx, { nudges }: Services, batch: readonly ListedAnimal[], options: ListingOptions) {
  const catalogue = await openCatalogue(tx, nudges)
  const shelf = await Shelf.open(tx, batch)
  const counts = { added: 0, changed: 0, same: 0, turned: [] as Turned[] }
  for (const animal of batch) {
    const { row, is, turned } = await shelf.place(animal, options)
    counts[is] += 1
    counts.turned.push(...turned)
    if (is !== 'same') publishAnimal(catalogue, row, await shown(tx, row))
  }
  await catalogue.flush()
  return counts
}

/** What the list says, over what was known. */
function described(before: AnimalRecord, listed: AnimalRecord): AnimalRecord {
  const iucn = listed.iucn ?? before.iucn
  return {
    ...before,
    ...listed,
    names: { ...before.names, ...listed.names },
    ranks: { ...before.ranks, ...listed.ranks },
    ...(iucn ? { iucn } : {}),
  }
}

interface Placed {
  readonly row: AnimalsTable
  readonly is: 'added' | 'changed' | 'same'
  readonly turned: readonly Turned[]
}

/** The part of the catalogue that a batch names. */
class Shelf {
  readonly #tx: Tx
  readonly #idByKey: Map<string, string>
  readonly #rows: Map<string, AnimalsTable>
  /** Names of species of which there are parts without a category of their own. */
  readonly #withParts: ReadonlySet<string>

  private constructor(tx: Tx, idByKey: Map<string, string>, rows: Map<string, AnimalsTable>, withParts: ReadonlySet<string>) {
    this.#tx = tx
    this.#idByKey = idByKey
    this.#rows = rows
    this.#withParts = withParts
  }

  static async open(tx: Tx, batch: readonly ListedAnimal[]): Promise<Shelf> {
    const keys = batch.flatMap((animal) => [animal.key, ...animal.otherKeys])
    const taken = await tx.q.selectFrom('animal_keys').selectAll().where('name_key', 'in', keys).execute()
    const ids = [...new Set(taken.map((row) => row.animal_id))]
    const rows = ids.length > 0 ? await tx.q.selectFrom('animals').selectAll().where('id', 'in', ids).execute() : []
    const parts = await partsByKey(tx.q, keys)
    const idByKey = new Map(taken.map((row) => [row.name_key, row.animal_id]))
    return new Shelf(tx, idByKey, new Map(rows.map((row) => [row.id, row])), new Set(parts.keys()))
  }

  /** Adds or changes one animal. Its category is left as it was where more than the record hangs on it. */
  async place(animal: ListedAnimal, options: ListingOptions): Promise<Placed> {
    const keys = [animal.key, ...animal.otherKeys]
    const ids = new Set(keys.flatMap((key) => this.#idByKey.get(key) ?? []))
    const [before, ...others] = [...ids].flatMap((id) => this.#rows.get(id) ?? [])
    if (!before) return this.#new(animal, keys)
    const { turned, ...placed } = await this.#known(before, animal, keys, options)
    return { ...placed, turned: [...turned, ...this.#alike(others, animal, options)] }
  }

  async #new({ record, source, sourceId }: ListedAnimal, keys: readonly string[]): Promise<Placed> {
    const from = { verified: 1, source, source_id: sourceId }
    const { iucn, ...rest } = record
    const reaches = isVulnerable(iucn?.category) && keys.some((key) => this.#withParts.has(key))
    const row = await this.#add(newRow(this.#tx, reaches ? rest : record, from), keys)
    return { row, is: 'added', turned: reaches ? [{ id: row.id, iucn }] : [] }
  }

  /** Other animals that the names of a line mean: as threatened as it says, where nothing is known of them. */
  #alike(others: readonly AnimalsTable[], { record: { iucn } }: ListedAnimal, { mayChange }: ListingOptions): Turned[] {
    if (!isVulnerable(iucn?.category)) return []
    const open = others.filter((row) => row.iucn === null && mayChange?.(row) !== false)
    return open.map(({ id }) => ({ id, iucn }))
  }

  async #known(before: AnimalsTable, animal: ListedAnimal, keys: readonly string[], options: ListingOptions): Promise<Placed> {
    if (options.mayChange?.(before) === false) return { row: before, is: 'same', turned: [] }
    const from = { verified: 1, source: animal.source, source_id: animal.sourceId }
    const known = JSON.parse(before.record) as AnimalRecord
    const { iucn, ...rest } = described(known, animal.record)
    const turns = isVulnerable(iucn?.category) !== isVulnerable(known.iucn?.category)
    const stands = turns ? known.iucn : iucn
    const next = newRow(this.#tx, { ...rest, ...(stands ? { iucn: stands } : {}) }, from)
    const { scientific_name, rank, record, iucn: category, species } = next
    const gains = keys.some((key) => !this.#idByKey.has(key) && this.#withParts.has(key))
    const renamed = gains || (species !== null && species !== before.species)
    const turned: Turned[] = turns || renamed ? [{ id: before.id, iucn, renamed }] : []
    if (same(known, JSON.parse(record)) && before.verified === 1 && before.species === species) {
      return { row: before, is: turns ? 'changed' : 'same', turned }
    }
    const named_at = await this.#tx.now()
    const set = { scientific_name, rank, record, iucn: category, species, ...from, rev: before.rev + 1, named_at }
    await this.#tx.q.updateTable('animals').set(set).where('id', '=', before.id).execute()
    await this.#name(before.id, keys)
    const row = { ...before, ...set }
    this.#rows.set(row.id, row)
    return { row, is: 'changed', turned }
  }

  async #add(row: AnimalsTable, keys: readonly string[]): Promise<AnimalsTable> {
    await this.#tx.q.insertInto('animals').values(row).execute()
    await this.#name(row.id, keys)
    this.#rows.set(row.id, row)
    return row
  }

  /** Makes an animal known by those of the names that are nobody's yet. */
  async #name(id: string, keys: readonly string[]): Promise<void> {
    const free = keys.filter((key) => !this.#idByKey.has(key))
    if (free.length === 0) return
    await this.#tx.q
      .insertInto('animal_keys')
      .values(free.map((name_key) => ({ name_key, animal_id: id })))
      .execute()
    for (const key of free) this.#idByKey.set(key, id)
  }
}
