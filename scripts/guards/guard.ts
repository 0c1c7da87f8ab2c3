/** A guard of the code, how it is taken out, and the test that must then fail. */
export interface Guard {
  readonly name: string
  readonly file: string
  /** Text that stands in the file exactly once. */
  readonly find: string
  readonly replace: string
  readonly test: string
}
