import { type Kysely, sql } from 'kysely'
import type { Db, Tx } from '../../db/db.ts'
import { JSON_TEXT } from '../../db/json-text.ts'
import type { Tables } from '../../db/tables.ts'

/**
 * Those among these checksums that any row of anybody's names: as an original, announced or in the bin too, as a rendition, or
 * as a profile's picture, or for v1 clients (I5).
 */
export async function referenced(db: Db, q: Kysely<Tables>, checksums: readonly string[]): Promise<Set<string>> {
  const text = JSON_TEXT[db.dialect]
  const named = async (table: 'images' | 'accounts' | 'v1_pictures' | 'v1_jobs', expression: string): Promise<string[]> => {
    const sha256 = sql<string>`${sql.raw(expression)}`
    const rows = await q.selectFrom(table).select(sha256.as('sha256')).distinct().where(sha256, 'in', checksums).execute()
    return rows.map((row) => row.sha256)
  }
  const found = [
    await named('images', 'sha256'),
    await named('images', text('renditions', 'wall', 'sha256')),
    await named('images', text('renditions', 'screen', 'sha256')),
    await named('accounts', text('avatar', 'sha256')),
    await named('v1_pictures', 'sha256'),
    await named('v1_jobs', 'sha256'),
  ]
  return new Set(found.flat())
}

/** Notes that a reference to these went just now: what else refers to them is found out when their time is up. */
export async function markGarbage(tx: Tx, checksums: Iterable<string>): Promise<void> {
  const since = await tx.now()
  for (const sha256 of new Set(checksums)) {
    const mark = tx.q.insertInto('garbage').values({ sha256, since })
    await mark.onConflict((c) => c.column('sha256').doUpdateSet({ since })).execute()
  }
}

/** Notes that nothing refers to these, unless that is noted already. */
export async function markLoose(tx: Tx, checksums: readonly string[]): Promise<void> {
  if (checksums.length === 0) return
  const since = await tx.now()
  const rows = checksums.map((sha256) => ({ sha256, since }))
  await tx.q
    .insertInto('garbage')
    .values(rows)
    .onConflict((c) => c.doNothing())
    .execute()
}

/** What is noted of these: checksum to the time since when nothing refers to it. */
export async function marksOf(q: Kysely<Tables>, checksums: readonly string[]): Promise<Map<string, number>> {
  const rows = await q.selectFrom('garbage').selectAll().where('sha256', 'in', checksums).execute()
  return new Map(rows.map(({ sha256, since }) => [sha256, since]))
}

export async function unmark(tx: Tx, checksums: readonly string[]): Promise<void> {
  if (checksums.length > 0) await tx.q.deleteFrom('garbage').where('sha256', 'in', checksums).execute()
}

/** Forgets marks of bytes that never came or are gone: a walk long since would have collected them. */
export async function unmarkBefore(tx: Tx, before: number): Promise<void> {
  await tx.q.deleteFrom('garbage').where('since', '<', before).execute()
}

/** Ends uploads whose image is nowhere: before there was a bin, deleting an image left its upload behind. */
export async function endLostUploads(tx: Tx): Promise<number> {
  const image = sql`SELECT 1 FROM images WHERE images.owner_id = uploads.owner_id AND images.id = uploads.image_id`
  const { numDeletedRows } = await tx.q.deleteFrom('uploads').where(sql<boolean>`NOT EXISTS (${image})`).executeTakeFirst()
  return Number(numDeletedRows)
}
