import type { MutationResult } from '@biologidex/core/sync/mutation'
import type { Tx } from '../../db/db.ts'
import type { MutationsTable } from '../../db/tables.ts'

/** What the server remembers of one device of an account (O3). */
export interface ClientLedger {
  /** The last `n` it handled; 0 for a device it does not know. */
  readonly last: number
  /** Recorded results by `n`, with the hash of what was asked; only those not acknowledged yet. */
  readonly recorded: ReadonlyMap<number, { readonly hash: string; readonly result: MutationResult }>
}

/** Reads the ledger for the numbers that a push repeats. */
export async function readLedger(tx: Tx, account: string, client: string, numbers: readonly number[]): Promise<ClientLedger> {
  const row = await tx.q
    .selectFrom('clients')
    .select('last_n')
    .where('account_id', '=', account)
    .where('client_id', '=', client)
    .executeTakeFirst()
  const last = row?.last_n ?? 0
  const repeated = numbers.filter((n) => n <= last)
  if (repeated.length === 0) return { last, recorded: new Map() }
  const rows = await tx.q
    .selectFrom('mutations')
    .select(['n', 'content_hash', 'result'])
    .where('account_id', '=', account)
    .where('client_id', '=', client)
    .where('n', 'in', repeated)
    .execute()
  const recorded = rows.map(
    (each) => [each.n, { hash: each.content_hash, result: JSON.parse(each.result) as MutationResult }] as const,
  )
  return { last, recorded: new Map(recorded) }
}

/** Records results, moves the device's last number, and forgets what it acknowledged. */
export async function writeLedger(
  tx: Tx,
  account: string,
  client: string,
  last: number,
  ack: number,
  rows: readonly MutationsTable[],
): Promise<void> {
  await tx.insertAll('mutations', rows)
  await tx.q
    .insertInto('clients')
    .values({ account_id: account, client_id: client, last_n: last })
    .onConflict((conflict) => conflict.columns(['account_id', 'client_id']).doUpdateSet({ last_n: last }))
    .execute()
  await tx.q
    .deleteFrom('mutations')
    .where('account_id', '=', account)
    .where('client_id', '=', client)
    .where('n', '<=', ack)
    .execute()
}
