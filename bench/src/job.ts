/** What a client process is told to do. `dir`: folder of the client's store, made or copied beforehand. */
export interface Job {
  readonly side: 'ours' | 'bare'
  /**
   * `first`: fill an empty store. `unchanged`, `changes`, `push`: open a store and sync it. `edit`: make edits offline, so
   * that `push` has something to push. `warm`: the median of unchanged syncs one after another, everything open.
   */
  readonly work: 'first' | 'unchanged' | 'changes' | 'push' | 'edit' | 'warm'
  readonly url: string
  readonly dir: string
  readonly account: string
  readonly token: string
  /** Accounts whose dexes come along with the account's own. */
  readonly friends: readonly string[]
  /** Whether the client offers to take a compressed answer. */
  readonly zstd?: true
  /** Whether the bare client asks by `fetch`, as most programs do, instead of by `node:http`. */
  readonly fetch?: true
  /** Folder where ours writes the requests and answers as they went over the wire. */
  readonly record?: string
  /** For `edit`: the entries to change, and what their notes become. */
  readonly edits?: { readonly entries: readonly string[]; readonly note: string }
}

/** What a client process answers. */
export interface Done {
  /** Milliseconds of the work. */
  readonly ms: number
  /** Megabytes by which the process had grown at its peak, from before the work to its end. */
  readonly grew: number
  /** Entries that can be read from the store afterwards; looked up after the clock stopped. */
  readonly entries: number
}
