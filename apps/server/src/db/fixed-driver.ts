import {
  CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type DialectAdapter,
  type Driver,
  Kysely,
  PostgresAdapter,
  PostgresQueryCompiler,
  type QueryCompiler,
  SqliteAdapter,
  SqliteQueryCompiler,
} from 'kysely'
import type { Tables } from './tables.ts'

/** Kysely on one connection that is already there: transactions are `Db.write`'s business, not Kysely's. */
class FixedDriver implements Driver {
  readonly #connection: DatabaseConnection
  constructor(connection: DatabaseConnection) {
    this.#connection = connection
  }
  async init(): Promise<void> {}
  async acquireConnection(): Promise<DatabaseConnection> {
    return this.#connection
  }
  async releaseConnection(): Promise<void> {}
  async destroy(): Promise<void> {}
  beginTransaction(): Promise<void> {
    return Promise.reject(new Error('Use Db.write for transactions.'))
  }
  commitTransaction(): Promise<void> {
    return this.beginTransaction()
  }
  rollbackTransaction(): Promise<void> {
    return this.beginTransaction()
  }
}

const PARTS: Record<'sqlite' | 'postgres', { adapter: () => DialectAdapter; compiler: () => QueryCompiler }> = {
  sqlite: { adapter: () => new SqliteAdapter(), compiler: () => new SqliteQueryCompiler() },
  postgres: { adapter: () => new PostgresAdapter(), compiler: () => new PostgresQueryCompiler() },
}

/** A query builder over one given connection. */
export function kyselyOn(dialect: 'sqlite' | 'postgres', connection: DatabaseConnection): Kysely<Tables> {
  const parts = PARTS[dialect]
  const fixed: Dialect = {
    createDriver: () => new FixedDriver(connection),
    createAdapter: parts.adapter,
    createQueryCompiler: parts.compiler,
    createIntrospector: () => {
      throw new Error('Introspection is not used.')
    },
  }
  return new Kysely<Tables>({ dialect: fixed })
}

export const raw = (sql: string): CompiledQuery => CompiledQuery.raw(sql)
