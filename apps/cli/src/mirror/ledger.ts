import { readFile } from 'node:fs/promises'
import { z } from 'zod'
import { addLine, isMissing, writeWhole } from './private-files.ts'

const line = z.object({
  path: z.string(),
  /** What was about to be written. Absent: the file is no longer the mirror's. */
  sha256: z.string().optional(),
  /** The file as it lay there afterwards, in bytes and milliseconds: such a one need not be read to be known. */
  size: z.number().optional(),
  modified: z.number().optional(),
})
type Line = z.infer<typeof line>

/** What the mirror knows of a file that it wrote. */
export interface Written {
  /** Every content that it may have written there: a kill may have come before or after. */
  readonly checksums: ReadonlySet<string>
  readonly last?: { readonly sha256: string; readonly size: number; readonly modified: number }
}

/** A path that the mirror could have made: nothing that is read from the folder leads out of it. */
const OWN_PATH = /^(?:dex\.json|entries\/[a-z0-9-]{1,120}\/[a-z0-9-]{1,60}\.[a-z]{3,4})$/
export const isOwnPath = (path: string): boolean => OWN_PATH.test(path)

/**
 * What the mirror wrote into a folder: a line before each write and one after, so that after a kill at any point it still tells its own
 * files from a person's.
 */
export class Ledger {
  readonly #path: string
  readonly #files: Map<string, Written>
  #changed = false

  private constructor(path: string, files: Map<string, Written>) {
    this.#path = path
    this.#files = files
  }

  static async open(path: string): Promise<Ledger> {
    const ledger = new Ledger(path, new Map())
    let text = ''
    try {
      text = await readFile(path, 'utf8')
    } catch (error) {
      if (!isMissing(error)) throw error
    }
    for (const one of text.split('\n')) ledger.#take(one)
    return ledger
  }

  /** A line that a kill cut short says nothing. */
  #take(text: string): void {
    try {
      const parsed = line.safeParse(JSON.parse(text))
      if (parsed.success && isOwnPath(parsed.data.path)) this.#learn(parsed.data)
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error
    }
  }

  #learn({ path, sha256, size, modified }: Line): void {
    if (sha256 === undefined) {
      this.#files.delete(path)
      return
    }
    if (size !== undefined && modified !== undefined) {
      this.#files.set(path, { checksums: new Set([sha256]), last: { sha256, size, modified } })
      return
    }
    const before = this.#files.get(path)
    this.#files.set(path, { checksums: new Set([...(before?.checksums ?? []), sha256]) })
  }

  get paths(): string[] {
    return [...this.#files.keys()]
  }

  written(path: string): Written | undefined {
    return this.#files.get(path)
  }

  async note(entry: Line): Promise<void> {
    await addLine(this.#path, JSON.stringify(entry))
    this.#learn(entry)
    this.#changed = true
  }

  /** Leaves one line for each file, if anything was noted. */
  async tidy(): Promise<void> {
    if (!this.#changed) return
    const lines: Line[] = []
    for (const [path, { checksums, last }] of this.#files) {
      if (last) lines.push({ path, ...last })
      else for (const sha256 of checksums) lines.push({ path, sha256 })
    }
    await writeWhole(this.#path, lines.map((one) => `${JSON.stringify(one)}\n`).join(''))
    this.#changed = false
  }
}
