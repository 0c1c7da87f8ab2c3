/**
 * Words between the processes that work on one database (N2): what one says, each of the others hears at most once. A word that gets
 * lost costs delay and never data, so nobody waits for one.
 */
export interface Others {
  /** Tells the other processes; soon, together with what else is said until then. */
  say(words: readonly string[]): void
  /** Calls back for each word of another process, from now on until the database is closed. */
  hear(listener: (word: string) => void): void
}

/** Where there are no other processes. */
export const NOBODY: Others = { say: () => undefined, hear: () => undefined }
