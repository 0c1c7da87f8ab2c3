/** One numbered step of the schema; what differs between the databases is chosen by `words`. */
export interface Migration {
  readonly number: number
  readonly name: string
  statements(words: DialectWords): string[]
}

/** The few words in which table definitions differ. */
export interface DialectWords {
  /** 64-bit whole number. */
  readonly int: string
  /** 64-bit whole number that the database counts up by itself, as primary key. */
  readonly id: string
  /** Ends a table that is kept in the order of its primary key. */
  readonly clustered: string
  readonly real: string
  /** An expression: 64 random hexadecimal digits, anew for each row. */
  readonly randomKey: string
  /** A statement for SQLite alone. */
  readonly sqliteOnly: (statement: string) => string[]
  /** An expression: the text at a path in a column of JSON text; null where there is none. */
  readonly jsonText: (column: string, ...path: readonly [string, ...string[]]) => string
  /** An expression: the first two words of a column whose words are three. */
  readonly binomial: (column: string) => string
  /** An expression: a column of JSON text without one of its fields. */
  readonly jsonWithout: (column: string, field: string) => string
}
