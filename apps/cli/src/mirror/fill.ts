import type { Tree } from './tree.ts'
import type { Wanted, WantedEntry, WantedPicture, WantedText } from './wanted.ts'

/** What came of a run. */
export interface Filled {
  written: number
  removed: number
  /** Pictures that the server should have and that could not be had. */
  lacking: number
  /** Pictures that are on another device still. */
  waiting: number
  /** Files of a person's own where the mirror would have written: left as they are. */
  readonly inTheWay: string[]
}

export interface Filling {
  readonly tree: Tree
  /** An original; undefined when it cannot be had now. */
  readonly fetch: (picture: WantedPicture) => Promise<Uint8Array | undefined>
  /** Asked when several originals in a row could not be had. */
  readonly isServerThere: () => Promise<boolean>
  readonly onProgress: (current: number, total: number) => void
  /** Ends the work between two files. */
  readonly signal: AbortSignal
}

/** The line to the server broke: nothing more is asked for. */
export class LineBroken extends Error {}

/** Entries at a time: while one picture is written, others are on their way. */
const AT_ONCE = 3
/** After so many pictures in a row that could not be had it is asked whether the server is there at all. */
const PATIENCE = 3

/** Where originals lie already, by checksum: an entry whose folder gets another name brings its pictures along. */
async function originalsIn(tree: Tree): Promise<Map<string, string>> {
  const found = new Map<string, string>()
  for (const path of tree.paths) {
    if (path.endsWith('.json')) continue
    const file = await tree.found(path)
    if (file.at === 'ours') found.set(file.sha256, path)
  }
  return found
}

class Filler {
  readonly #parts: Filling
  readonly #here: ReadonlyMap<string, string>
  readonly filled: Filled = { written: 0, removed: 0, lacking: 0, waiting: 0, inTheWay: [] }
  #misses = 0

  constructor(parts: Filling, here: ReadonlyMap<string, string>) {
    this.#parts = parts
    this.#here = here
  }

  /** Brings one file to where it should be. */
  async #bring(path: string, sha256: string, load: () => Promise<Uint8Array | string | undefined>): Promise<void> {
    const { tree } = this.#parts
    const found = await tree.found(path)
    if (found.at === 'ours' && found.sha256 === sha256) return
    if (found.at === 'other') {
      if (!(await tree.holds(path, sha256))) this.filled.inTheWay.push(path)
      return
    }
    const content = await load()
    if (content === undefined) {
      this.filled.lacking += 1
      return
    }
    await tree.write(path, content, sha256)
    this.filled.written += 1
  }

  async #original(picture: WantedPicture): Promise<Uint8Array | undefined> {
    const { tree, fetch } = this.#parts
    const known = this.#here.get(picture.sha256)
    if (known && (await tree.holds(known, picture.sha256))) return tree.read(known)
    const bytes = await fetch(picture)
    this.#misses = bytes ? 0 : this.#misses + 1
    if (this.#misses >= PATIENCE) await this.#checkLine()
    return bytes
  }

  /** Several in a row could not be had: either these cannot, or none can. */
  async #checkLine(): Promise<void> {
    if (!(await this.#parts.isServerThere())) throw new LineBroken()
    this.#misses = 0
  }

  /** The last pictures that could not be had were too few to ask about, or one came between them that was slower. */
  async checkRest(): Promise<void> {
    if (this.#misses > 0) await this.#checkLine()
  }

  text({ path, text, sha256 }: WantedText): Promise<void> {
    return this.#bring(path, sha256, async () => text)
  }

  async entry({ json, pictures, waiting }: WantedEntry): Promise<void> {
    for (const picture of pictures) {
      this.#parts.signal.throwIfAborted()
      await this.#bring(picture.path, picture.sha256, () => this.#original(picture))
    }
    await this.text(json)
    this.filled.waiting += waiting
  }
}

/**
 * Makes a folder hold exactly the wanted files, apart from what is a person's own in it. Interrupted at any point, the next run comes
 * to the same end.
 * @throws LineBroken; the signal's reason when it was ended
 */
export async function fill(wanted: Wanted, parts: Filling): Promise<Filled> {
  const { tree, signal, onProgress } = parts
  const filler = new Filler(parts, await originalsIn(tree))
  const total = wanted.entries.length
  const queue = wanted.entries.values()
  let done = 0
  const work = async () => {
    for (const entry of queue) {
      signal.throwIfAborted()
      await filler.entry(entry)
      done += 1
      onProgress(done, total)
    }
  }
  try {
    const workers = await Promise.allSettled(Array.from({ length: AT_ONCE }, work))
    const failed = workers.find((one) => one.status === 'rejected')
    if (failed) throw failed.reason
    await filler.checkRest()
    await filler.text(wanted.index)
    const keep = new Set(
      [wanted.index, ...wanted.entries.flatMap(({ json, pictures }) => [json, ...pictures])].map(({ path }) => path),
    )
    for (const path of tree.paths) {
      signal.throwIfAborted()
      if (!keep.has(path) && (await tree.remove(path))) filler.filled.removed += 1
    }
  } finally {
    await tree.tidy()
  }
  return filler.filled
}
