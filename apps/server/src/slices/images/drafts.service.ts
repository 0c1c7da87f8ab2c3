import type { Context } from '../../context.ts'
import type { Tx } from '../../db/db.ts'

/**
 * Drops what has arrived of uploads that the transaction ends, once it is committed. What a crash leaves of it is found by the daily
 * sweep.
 */
export function dropDrafts(tx: Tx, ctx: Pick<Context, 'blobs' | 'log'>, uploads: readonly string[]): void {
  for (const upload of uploads) {
    const failed = (error: unknown) => ctx.log.warn({ upload, error }, 'what has arrived of an upload could not be dropped')
    tx.afterCommit(() => void ctx.blobs.draft(upload).drop().catch(failed))
  }
}
