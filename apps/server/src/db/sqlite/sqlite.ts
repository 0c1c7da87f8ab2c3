import { AppError } from '@biologidex/core/errors'
import { sql } from 'kysely'
import { RANDOM } from '../../random.ts'
import { type Db, LONGEST_WRITE_MS, type Tx } from '../db.ts'
import { kyselyOn } from '../fixed-driver.ts'
import { migrate } from '../migrate.ts'
import { NOBODY } from '../others.ts'
import { SqliteConnection } from './connection.ts'
import { sqliteHotQueries } from './hot.ts'
import { insertRows, updateRows } from './rows.ts'
import { sqliteV1Queries } from './v1.ts'

/** Rows of sessions and heads in memory: some 300 bytes each. */
const REMEMBER = 10_000

/** How long nobody must have written before the log is moved to the file, in milliseconds. */
const IDLE_MS = 1_000

/** Calls back when so long nothing more has happened. */
function whenIdle(work: () => void) {
  let timer: NodeJS.Timeout | undefined
  return {
    soon(): void {
      clearTimeout(timer)
      timer = setTimeout(work, IDLE_MS)
      timer.unref()
    },
    stop: () => clearTimeout(timer),
  }
}

/** Runs one piece of work at a time, in the order of asking. */
class Queue {
  #tail: Promise<unknown> = Promise.resolve()
  run<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#tail.then(work)
    this.#tail = result.catch(() => undefined)
    return result
  }
}

/**
 * The SQLite database of a data folder: one connection writes, one transaction at a time; another reads what is
 * committed (WAL). An acknowledged commit survives a power cut (O8: synchronous=FULL).
 * What a commit is written to, the log, is moved to the file when nobody writes; a commit that has to do so, every thousand pages, takes three times as
 * long.
 * @param path file to open; made when it is not there
 * @param remember rows of sessions and heads that are kept in memory at most
 */
export async function openSqlite(path: string, remember = REMEMBER): Promise<Db> {
  const writer = new SqliteConnection(path, false)
  const q = kyselyOn('sqlite', writer)
  const queue = new Queue()
  const run = (statement: string) => writer.prepare(statement).run()
  let committing = () => {}
  let committed = () => {}
  const idle = whenIdle(() => {
    // What a reader holds is moved the next time.
    void queue.run(async () => run('PRAGMA wal_checkpoint(PASSIVE)')).catch(() => undefined)
  })

  function transaction(after: (() => void)[]): Tx {
    let depth = 0
    return {
      q,
      insertAll: async (table, rows) => insertRows(writer, table, rows),
      updateAll: async (table, key, columns, rows) => updateRows(writer, table, key, columns, rows),
      // BEGIN IMMEDIATE has locked the whole database: only the look-up is left.
      lockOwner: async (id) =>
        writer.prepare('SELECT 1 FROM accounts WHERE id = ? AND deleted_at IS NULL').get(id) !== undefined,
      lockFeed: async () => undefined,
      lockAnimal: async () => undefined,
      async nextNumber(counter) {
        const row = await sql<{
          value: number
        }>`UPDATE counters SET value = value + 1 WHERE name = ${counter} RETURNING value`.execute(q)
        const value = row.rows[0]?.value
        if (value === undefined) throw new Error(`no counter ${counter}`)
        return value
      },
      async savepoint(work) {
        const name = `s${depth}`
        depth += 1
        run(`SAVEPOINT ${name}`)
        try {
          return await work()
        } catch (error) {
          run(`ROLLBACK TO ${name}`)
          throw error
        } finally {
          run(`RELEASE ${name}`)
          depth -= 1
        }
      },
      now: async () => Date.now(),
      random: RANDOM,
      afterCommit: (work) => void after.push(work),
    }
  }

  async function write<T>(work: (tx: Tx) => Promise<T>, longest = LONGEST_WRITE_MS): Promise<T> {
    return queue.run(async () => {
      const after: (() => void)[] = []
      run('BEGIN IMMEDIATE')
      const begun = performance.now()
      let result: T
      try {
        result = await work(transaction(after))
        if (performance.now() - begun > longest) throw new AppError('unavailable')
        committing()
        run('COMMIT')
      } catch (error) {
        if (writer.raw.isTransaction) run('ROLLBACK')
        throw error
      }
      committed()
      idle.soon()
      for (const work of after) work()
      return result
    })
  }

  // A step of the schema takes as long as it takes: nothing reads by time before it is done.
  await migrate('sqlite', (work) => write(work, Infinity), q)
  const reader = new SqliteConnection(path, true)
  const hot = sqliteHotQueries(reader, remember)
  // A snapshot from before the commit would keep the log from being emptied into the file: it ends first.
  committing = () => hot.turn.end()
  committed = hot.forget
  return {
    dialect: 'sqlite',
    read: kyselyOn('sqlite', reader),
    hot,
    v1: sqliteV1Queries(reader, hot.turn),
    // One server works on the file; what the host does beside it in the terminal is heard at the next pull.
    others: NOBODY,
    write,
    async close() {
      idle.stop()
      await queue.run(async () => {
        reader.close()
        writer.close()
      })
    },
  }
}
