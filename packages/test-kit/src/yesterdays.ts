import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { brotliDecompressSync } from 'node:zlib'

/** What earlier versions left behind, frozen: yesterdays/README.md. */
export const YESTERDAYS_FOLDER = join(import.meta.dirname, '../yesterdays')

/** Parts of what a version left: a server's data folder, a client in Node with its key, a mirror with its folders, a browser's profile. */
export const YESTERDAY_PARTS = ['server', 'node', 'mirror', 'browser'] as const
export type YesterdayPart = (typeof YESTERDAY_PARTS)[number]

/** An entry that was acknowledged by the server. */
interface KeptEntry {
  readonly id: string
  readonly note?: string
  readonly privateNote?: string
  readonly place?: { readonly lat: number; readonly lon: number }
  readonly scientificName?: string
  /** SHA-256 of its originals, in order. */
  readonly pictures: readonly string[]
}

/** What a client had not sent yet. */
interface Waiting {
  /** The entry whose note was changed, and what it says now. */
  readonly entry: string
  readonly note: string
  /** SHA-256 of the photo of a new entry, whose note is `photoNote`. */
  readonly photo: string
  readonly photoNote: string
}

/** What a frozen version holds: all of it must be there when the present program opens it. */
export interface Yesterday {
  readonly version: string
  readonly commit: string
  /** When it was frozen, in UTC milliseconds: what lies in a trash lies there for 30 days from then. */
  readonly at: number
  readonly protocol: number
  readonly username: string
  readonly password: string
  readonly account: string
  /** The name under which the browser knew the server. */
  readonly host: string
  readonly entries: readonly KeptEntry[]
  /** The deleted entry. */
  readonly trash: string
  readonly outing: { readonly id: string; readonly name: string }
  /** What a clash kept: the note that did not stand. */
  readonly lost: string
  /** An upload of which the server has the first bytes only; `bytes`: all of them, in base64. */
  readonly half: { readonly entry: string; readonly image: string; readonly sent: number; readonly bytes: string }
  readonly node: Waiting
  /** The browser had a capture besides that was begun and not kept. */
  readonly browser: Waiting & { readonly begun: { readonly note: string; readonly photo: string } }
}

/** All frozen versions, oldest first. */
export const YESTERDAYS: readonly Yesterday[] = readdirSync(YESTERDAYS_FOLDER, { withFileTypes: true })
  .filter((one) => one.isDirectory())
  .map(({ name }) => JSON.parse(readFileSync(join(YESTERDAYS_FOLDER, name, 'promised.json'), 'utf8')) as Yesterday)
  .sort((a, b) => a.version.localeCompare(b.version, 'en', { numeric: true }))

/** Puts a part of what a version left into a new temporary folder, which is the caller's to remove. */
export async function unpack({ version }: Yesterday, part: YesterdayPart): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), `biologidex-yesterday-${part}-`))
  const tar = brotliDecompressSync(readFileSync(join(YESTERDAYS_FOLDER, version, `${part}.tar.br`)))
  execFileSync('tar', ['-xf', '-', '-C', folder], { input: tar })
  return folder
}
