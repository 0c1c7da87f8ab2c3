import type { Db } from './db.ts'

/** Ends a query that picks a row to claim: on PostgreSQL others may be picking at the same time; on SQLite one writes at a time. */
export const CLAIM_LOCK: Record<Db['dialect'], string> = { sqlite: '', postgres: 'FOR UPDATE SKIP LOCKED' }

/** Whether servers share the database: where there is one alone, a claim found at its start is of a process that died (G2). */
export const MANY_SERVERS: Record<Db['dialect'], boolean> = { sqlite: false, postgres: true }
