import type { OldRecord } from './old-record.ts'

/** The last `many` parts of a path as it was written on any system, without what leads to them. */
function lastParts(path: string, many: number): string {
  const parts = path.split(/[/\\]+/).filter((part) => part !== '' && part !== '.' && part !== '..')
  return parts.slice(-many).join('/').toLowerCase()
}

/**
 * Finds the files of records' pictures among those at hand, whether the whole folder is there, a part of it or single files. What a record
 * says of a path is only compared with the paths at hand: it leads nowhere else.
 */
export class OldPictures {
  readonly #byEnd = new Map<string, string | null>()

  /** @param paths of all files at hand, with `/` between their parts */
  constructor(paths: readonly string[]) {
    for (const path of paths) for (const end of new Set([1, 2].map((many) => lastParts(path, many)))) this.#note(end, path)
  }

  #note(end: string, path: string): void {
    // A name that several files have tells nothing.
    this.#byEnd.set(end, this.#byEnd.has(end) ? null : path)
  }

  /**
   * The file of a record's picture; undefined when it is not at hand.
   * @param urlHash SHA-256 of the address it came from, by which v2 named its file
   * @param user in whose folder it lies
   */
  find({ path }: OldRecord, urlHash: string | undefined, user: string | undefined): string | undefined {
    const named = urlHash && `${urlHash}.png`
    const ends = [
      ...(named && user ? [`${user}/${named}`] : []),
      ...(named ? [named] : []),
      ...(path ? [lastParts(path, 2), lastParts(path, 1)] : []),
    ]
    for (const end of ends) {
      const found = this.#byEnd.get(end)
      if (found) return found
    }
    return undefined
  }
}
