import { AppError } from '@biologidex/core/errors'
import pg from 'pg'
import { RANDOM } from '../../random.ts'
import { type Db, LONGEST_WRITE_MS, type Tx } from '../db.ts'
import { kyselyOn } from '../fixed-driver.ts'
import { migrate } from '../migrate.ts'
import { PostgresConnection } from './connection.ts'
import { postgresHotQueries } from './hot.ts'
import { postgresOthers } from './others.ts'
import { insertRows, updateRows } from './rows.ts'
import { postgresV1Queries } from './v1.ts'

/** Serialization failure and deadlock: the transaction did nothing and may be tried again. */
const TRY_AGAIN = new Set(['40001', '40P01'])
const ATTEMPTS = 5

function transaction(client: pg.PoolClient, after: (() => void)[]): Tx {
  const run = (text: string, values: unknown[] = []) => client.query({ text, values })
  const q = kyselyOn('postgres', new PostgresConnection(client))
  let depth = 0
  return {
    q,
    insertAll: (table, rows) => insertRows(q, table, rows),
    updateAll: (table, key, columns, rows) => updateRows(q, table, key, columns, rows),
    async lockOwner(id) {
      const { rowCount } = await run('SELECT 1 FROM accounts WHERE id = $1 AND deleted_at IS NULL FOR UPDATE', [id])
      return rowCount === 1
    },
    async lockFeed(feed) {
      await run('SELECT 1 FROM feeds WHERE id = $1 FOR UPDATE', [feed])
    },
    async lockAnimal(id) {
      await run('SELECT 1 FROM animals WHERE id = $1 FOR UPDATE', [id])
    },
    async nextNumber(counter) {
      const { rows } = await run('UPDATE counters SET value = value + 1 WHERE name = $1 RETURNING value', [counter])
      const row = rows[0] as { value: number } | undefined
      if (!row) throw new Error(`no counter ${counter}`)
      return row.value
    },
    async savepoint(work) {
      const name = `s${depth}`
      depth += 1
      await run(`SAVEPOINT ${name}`)
      try {
        const result = await work()
        await run(`RELEASE ${name}`)
        return result
      } catch (error) {
        await run(`ROLLBACK TO ${name}`)
        throw error
      } finally {
        depth -= 1
      }
    },
    async now() {
      const { rows } = await run('SELECT floor(extract(epoch FROM clock_timestamp()) * 1000)::bigint AS now')
      return (rows[0] as { now: number }).now
    },
    random: RANDOM,
    afterCommit: (work) => void after.push(work),
  }
}

/**
 * A PostgreSQL database, at READ COMMITTED. A deadlock is tried again a few times; the work must therefore have no
 * effects but in the database and through `afterCommit`.
 * @param url postgres://user:password@host:port/database
 */
export async function openPostgres(url: string, poolSize = 10): Promise<Db> {
  const pool = new pg.Pool({ connectionString: url, max: poolSize, application_name: 'biologidex' })
  // An idle connection that the server closes must not end the process; the pool replaces it.
  pool.on('error', () => undefined)
  const others = postgresOthers(url, pool)

  async function once<T>(work: (tx: Tx) => Promise<T>, longest: number): Promise<T> {
    const client = await pool.connect()
    const after: (() => void)[] = []
    let broken: Error | undefined
    try {
      await client.query('BEGIN')
      const begun = performance.now()
      const result = await work(transaction(client, after))
      if (performance.now() - begun > longest) throw new AppError('unavailable')
      await client.query('COMMIT')
      for (const run of after) run()
      return result
    } catch (error) {
      await client.query('ROLLBACK').catch((failure: Error) => {
        broken = failure
      })
      throw error
    } finally {
      client.release(broken)
    }
  }

  async function write<T>(work: (tx: Tx) => Promise<T>, longest = LONGEST_WRITE_MS): Promise<T> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await once(work, longest)
      } catch (error) {
        if (attempt === ATTEMPTS || !TRY_AGAIN.has((error as { code?: string }).code ?? '')) throw error
      }
    }
  }

  const read = kyselyOn('postgres', new PostgresConnection(pool))
  // A step of the schema takes as long as it takes.
  await migrate('postgres', (work) => write(work, Infinity), read)
  return {
    dialect: 'postgres',
    read,
    hot: postgresHotQueries(pool),
    v1: postgresV1Queries(pool),
    others,
    write,
    close: async () => {
      await others.close()
      await pool.end()
    },
  }
}
