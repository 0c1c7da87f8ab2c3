import type { Db } from './db.ts'
import type { DialectWords } from './migration.ts'

/** The text at a path in a column of JSON text. An index serves a query only where both say it in the same words: these. */
export const JSON_TEXT: Record<Db['dialect'], DialectWords['jsonText']> = {
  sqlite: (column, ...path) => `json_extract(${column}, '$.${path.join('.')}')`,
  postgres: (column, ...path) => `((${column}::json) #>> '{${path.join(',')}}')`,
}

/** A column of JSON text without one of its fields. */
export const JSON_WITHOUT: Record<Db['dialect'], DialectWords['jsonWithout']> = {
  sqlite: (column, field) => `json_remove(${column}, '$.${field}')`,
  postgres: (column, field) => `((${column}::jsonb) - '${field}')::text`,
}
