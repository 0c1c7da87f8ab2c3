import type { CompiledQuery, DatabaseConnection, QueryResult } from 'kysely'
import pg from 'pg'

// COUNT and BIGINT columns come as text by default; every whole number here lies below 2^53.
pg.types.setTypeParser(pg.types.builtins.INT8, Number)

/** Anything that runs a query: the pool, or one client of it. */
export interface Queryable {
  query(config: { text: string; values: unknown[]; name?: string }): Promise<pg.QueryResult>
}

/** A pool or a client of it, as Kysely's connection. */
export class PostgresConnection implements DatabaseConnection {
  readonly #target: Queryable
  constructor(target: Queryable) {
    this.#target = target
  }

  async executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
    const result = await this.#target.query({ text: query.sql, values: [...query.parameters] })
    return { rows: result.rows as R[], numAffectedRows: BigInt(result.rowCount ?? 0) }
  }

  async *streamQuery<R>(query: CompiledQuery): AsyncIterableIterator<QueryResult<R>> {
    yield await this.executeQuery<R>(query)
  }
}
