import type { Tx } from '../../db/db.ts'

/** Notes the hash of a refresh token for the session of a token. */
export async function addRefresh(tx: Tx, refreshHash: string, tokenHash: string): Promise<void> {
  const session = tx.q.selectFrom('sessions').select('id').where('token_hash', '=', tokenHash)
  const { id } = await session.executeTakeFirstOrThrow()
  await tx.q.insertInto('v1_refresh').values({ token_hash: refreshHash, session_id: id }).execute()
}

/** Puts another token in place of a session's; false when no session has that refresh token. */
export async function renewToken(tx: Tx, refreshHash: string, tokenHash: string): Promise<boolean> {
  const session = tx.q.selectFrom('v1_refresh').select('session_id').where('token_hash', '=', refreshHash)
  const { numUpdatedRows } = await tx.q
    .updateTable('sessions')
    .set({ token_hash: tokenHash, last_seen_at: await tx.now() })
    .where('id', '=', session)
    .executeTakeFirst()
  return numUpdatedRows > 0n
}
