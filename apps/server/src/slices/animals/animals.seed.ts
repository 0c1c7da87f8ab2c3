import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Context } from '../../context.ts'
import type { Tx } from '../../db/db.ts'
import type { AnimalsTable } from '../../db/tables.ts'
import { createCatalogue } from '../sync/feed-writer.ts'
import { publishAnimal } from './animals.feed.ts'
import { newRow, openCatalogue } from './animals.service.ts'
import { isShown } from './animals.store.ts'
import { type ListedAnimal, readList } from './starter-list.ts'

export const STARTER_LIST = join(import.meta.dirname, '../../../data/starter-animals.tsv')
const BATCH = 200

/**
 * Brings the starter list into the catalogue: verified animals without a number (one gets its number only when
 * somebody keeps it). Runs at each start and does something only when the list is another one than last time; rows that
 * changed are renamed in place, so numbers and ids stay.
 */
export async function seedAnimals(ctx: Pick<Context, 'db' | 'nudges'>, path = STARTER_LIST): Promise<void> {
  const version = Number.parseInt(
    createHash('sha256')
      .update(await readFile(path))
      .digest('hex')
      .slice(0, 12),
    16,
  )
  const listed: ListedAnimal[] = []
  for await (const animal of readList(path)) listed.push(animal)
  await ctx.db.write(async (tx) => {
    await createCatalogue(tx)
    const catalogue = await openCatalogue(tx, ctx.nudges)
    const seen = await tx.q.selectFrom('counters').select('value').where('name', '=', 'starter_list').executeTakeFirst()
    if (seen?.value === version) return
    for (let at = 0; at < listed.length; at += BATCH) {
      for (const row of await seedBatch(tx, listed.slice(at, at + BATCH))) publishAnimal(catalogue, row, await shown(tx, row))
    }
    await catalogue.flush()
    await tx.q
      .insertInto('counters')
      .values({ name: 'starter_list', value: version })
      .onConflict((conflict) => conflict.column('name').doUpdateSet({ value: version }))
      .execute()
  })
}

/** Only a kept animal can be shown: most of the list needs no look. */
const shown = async (tx: Tx, row: AnimalsTable): Promise<boolean> => row.number !== null && (await isShown(tx.q, row.id))

/** Adds or changes the rows of a batch; answers those that are new or other than before. */
async function seedBatch(tx: Tx, batch: readonly ListedAnimal[]): Promise<AnimalsTable[]> {
  const keys = batch.flatMap((animal) => [animal.key, ...animal.otherKeys])
  const taken = new Map(
    (await tx.q.selectFrom('animal_keys').selectAll().where('name_key', 'in', keys).execute()).map((row) => [
      row.name_key,
      row.animal_id,
    ]),
  )
  const known = new Map<string, AnimalsTable>()
  const ids = [...new Set(taken.values())]
  if (ids.length > 0) {
    for (const row of await tx.q.selectFrom('animals').selectAll().where('id', 'in', ids).execute()) known.set(row.id, row)
  }
  const changed: AnimalsTable[] = []
  for (const animal of batch) {
    const row = await seedOne(tx, animal, taken, known)
    if (row) changed.push(row)
  }
  return changed
}

async function seedOne(
  tx: Tx,
  animal: ListedAnimal,
  taken: Map<string, string>,
  known: Map<string, AnimalsTable>,
): Promise<AnimalsTable | undefined> {
  const id = taken.get(animal.key) ?? animal.otherKeys.map((key) => taken.get(key)).find((other) => other !== undefined)
  const before = id === undefined ? undefined : known.get(id)
  const fresh = newRow(animal.record, { verified: 1, source: animal.source, source_id: animal.sourceId })
  const row = before ? { ...before, ...changesOf(fresh), rev: before.rev + 1, named_at: await tx.now() } : fresh
  if (!before) await tx.q.insertInto('animals').values(row).execute()
  else if (before.record !== row.record || before.verified !== 1) {
    await tx.q
      .updateTable('animals')
      .set({ ...changesOf(fresh), rev: row.rev, named_at: row.named_at })
      .where('id', '=', row.id)
      .execute()
  } else return undefined
  const free = [animal.key, ...animal.otherKeys].filter((key) => !taken.has(key))
  if (free.length > 0) {
    await tx.q
      .insertInto('animal_keys')
      .values(free.map((name_key) => ({ name_key, animal_id: row.id })))
      .execute()
    for (const key of free) taken.set(key, row.id)
  }
  known.set(row.id, row)
  return row
}

/** What the list says of an animal; its id, number and first keeper stay. */
function changesOf({ scientific_name, rank, record, iucn, verified, source, source_id }: AnimalsTable) {
  return { scientific_name, rank, record, iucn, verified, source, source_id }
}
