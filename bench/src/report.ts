import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { growthOf } from './growth-page.ts'
import { type Machine, machine } from './machine.ts'
import { median, type Samples, type Spread, spread } from './pairs.ts'
import { ROOT } from './places.ts'
import type { Row } from './row.ts'
import { ROWS } from './rows/all.ts'

const RESULTS = join(ROOT, 'bench/results.jsonl')
const PAGE = join(ROOT, 'docs/benchmarks.md')

/** A measured row: one line of results.jsonl. `ours` and `bare` are medians. */
export interface Result {
  readonly row: string
  /** Size of the dex, where a row was measured to see how it grows. */
  readonly entries?: number
  /** How many friends' dexes come along, where a row was measured to see how it grows with them. */
  readonly friends?: number
  readonly ours: number
  readonly bare: number
  readonly ratio: number
  readonly unit: string
  readonly pairs: number
  readonly oursRange: readonly [number, number]
  readonly bareRange: readonly [number, number]
  /** Percent of the processors' time that the host gave to other machines meanwhile: the median of the turns. */
  readonly stolen?: number
  readonly date: string
  readonly machine?: Machine
}

/** Three significant digits. */
const rounded = (value: number): number => Number(value.toPrecision(3))
const range = ({ min, max }: Spread): readonly [number, number] => [rounded(min), rounded(max)]

/** At what size a row was measured to see how it grows. */
interface Size {
  readonly entries?: number | undefined
  readonly friends?: number | undefined
}

export function measured(row: Row, samples: Samples, { entries, friends }: Size = {}): Result {
  const [ours, bare] = [spread(samples.ours), spread(samples.bare)]
  return {
    row: row.id,
    ...(entries === undefined ? {} : { entries }),
    ...(friends === undefined ? {} : { friends }),
    ours: rounded(ours.median),
    bare: rounded(bare.median),
    ratio: rounded(ours.median / bare.median),
    unit: row.unit,
    pairs: samples.ours.length,
    oursRange: range(ours),
    bareRange: range(bare),
    ...(samples.stolen ? { stolen: rounded(100 * median(samples.stolen)) } : {}),
    date: new Date().toISOString().slice(0, 10),
  }
}

const number = (value: number): string => value.toLocaleString('en-GB', { maximumSignificantDigits: 3 })
const measure = (value: number, [min, max]: readonly [number, number]): string =>
  `${number(value)} (${number(min)}–${number(max)})`

export function print(row: Row, result: Result): void {
  const { ours, bare, ratio, unit, oursRange, bareRange, stolen = 0 } = result
  const met = row.target.met(ours, ratio) ? 'met' : 'NOT met'
  const { entries, friends } = result
  const size = friends === undefined ? entries : friends
  const at = size === undefined ? '' : ` at ${number(size)}${friends === undefined ? '' : ' friends'}`
  console.log(
    `${(row.id + at).padEnd(14)} ours ${measure(ours, oursRange)}  bare ${measure(bare, bareRange)} ${unit}  ratio ${ratio}  ${row.target.words}: ${met}  (stolen ${stolen} %)`,
  )
}

/** The results there are, of this run or an earlier one. */
export async function readResults(): Promise<Result[]> {
  const text = await readFile(RESULTS, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return ''
    throw error
  })
  return text.split('\n').flatMap((line) => (line ? [JSON.parse(line) as Result] : []))
}

/** Puts fresh results in the place of earlier ones of the same rows, in the order of the page. */
export async function writeResults(before: readonly Result[], fresh: readonly Result[]): Promise<Result[]> {
  const here = await machine()
  const keyOf = ({ row, entries, friends }: Result) => `${row}@${entries ?? ''}${friends === undefined ? '' : `+${friends}`}`
  const all = new Map(before.map((result) => [keyOf(result), result]))
  for (const result of fresh) all.set(keyOf(result), { ...result, machine: here })
  const known = ROWS.flatMap(({ id }) => all.get(`${id}@`) ?? [])
  const ordered = [...new Set([...known, ...all.values()])]
  await writeFile(RESULTS, ordered.map((result) => `${JSON.stringify(result)}\n`).join(''))
  return ordered
}

const ABOUT = `# Benchmarks

Written by \`npm run bench\`; \`npm run bench -- --only A,B --pairs 9\` measures some rows anew and leaves the others as they were.

Every figure stands beside a *bare machine* measured in the same run, in turns (A B A B …); figures are medians, with the
lowest and the highest in brackets. The ratio is ours / bare of the medians. *Stolen* is the part of all processors' time that the host gave to
other machines, the median of a row's turns (a turn of a tenth of a second has but twenty ticks). After a turn with more than 3 % of it, which counts all the same, the run waits
until that is over, twenty minutes in all at most.

**The work.** One dex of 10,000 entries, each with an animal (of 300), date, place, note and one ready picture with two
renditions, beside the catalogue as shipped. Server and client are two processes over loopback HTTP. A fresh client
process, its modules loaded and the garbage of loading collected, does each measurement once; the client's store is on disk and sealed
as shipped (the bare one is plain). F ends when the outbox is empty, and counts after five pushes of each side that warm the servers up.

**Memory (H)** is the peak above what a process held when the work began. A server just started still holds garbage of its start, which
the work may reuse: what it needs alone is somewhat more. **A photo (O)** stands beside sharp at its defaults, which makes each rendition
from the original on all cores; the server decodes once, on one thread, at a lower effort.

**The bare machine.** A plain \`node:http\` server sends the payloads that our server had served, one record a line, from
memory; the client (\`node:http\` too) parses each line and writes it as a row of an SQLite table keyed by rowid (WAL,
\`synchronous=NORMAL\`), all in one transaction. Compressed answers are compressed as they are sent (zstd, level 1). For
100 edits it posts the bytes that our client had posted; the server keeps them in one transaction that is synced to disk
(\`synchronous=FULL\`), and so does the client with the answer. Beside unchanged pulls a second (G) stands a raw replay: a socket on which the bytes of one answer are
written whenever those of a request have come, and no HTTP is spoken. The rows named *fetch* have the bare client ask by \`fetch\`,
as most programs do: B, C and E are judged by these, and the rows they stand below tell what the leanest client would take (docs/decisions/0008).

**In Chromium** (J to N) the real server serves the built app to a headless browser of a phone's size, without a graphics card: every
pixel is drawn by the same cores. The 10,000 pictures are 200 different ones. From K on the server is gone: what is seen comes
from the device, and from the app that its service worker keeps. The bare side is an empty page that does the same with nothing in the
way: Dexie with one key, plain boxes, images placed by hand. Late frames are those that a screen of 60 frames a second would
have lacked.

**Wide changes (W)** are carried out by jobs in small batches while the feeds that show less are closed. A change counts until the last
batch; it is taken back between the turns, which does not count.

**Users at work (P)** ask over HTTP as devices do, each at a pace of their own, and what becomes of their photos is made meanwhile on the same
cores; the bare server takes the same bytes in at the same pace and makes nothing of them.

**Older clients (V1)** are answered by the server alone, beside a plain server that says the same bytes again. The dex is a day old, and the
PNG of each picture has been made. Targets are multiples of what the older design did on a machine of this kind. How fast this machine is
beside that one the row *V1 full for A* takes into account; it explains, and does not replace, the plain target (docs/decisions/0009).`

function tableOf(results: readonly Result[]): string {
  const rows = results.flatMap((result) => {
    const row = ROWS.find(({ id }) => id === result.row)
    if (!row || result.entries !== undefined) return []
    const { ours, bare, ratio, unit, pairs, oursRange, bareRange, stolen } = result
    const met = row.target.met(ours, ratio) ? 'yes' : '**no**'
    const cells = [
      row.id,
      row.what,
      unit,
      measure(ours, oursRange),
      measure(bare, bareRange),
      ratio,
      row.target.words,
      met,
      pairs,
      stolen === undefined ? '' : `${stolen} %`,
    ]
    return [`| ${cells.join(' | ')} |`]
  })
  const head = '| row | what | unit | ours | bare machine | ratio | target | met | pairs | stolen |'
  return [head, '| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |', ...rows].join('\n')
}

/** What each set of rows was measured with: one line for each machine, commit and day. */
function origins(results: readonly Result[]): string {
  const groups = new Map<string, string[]>()
  for (const { row, entries, date, machine: it } of results) {
    if (!it || entries !== undefined) continue
    const versions = `Node ${it.node}, SQLite ${it.sqlite}, ${it.chromium}`
    const words = `${date}, commit ${it.commit}: ${it.cores} cores (${it.cpu}), ${it.memoryGiB} GiB of memory; ${versions}`
    groups.set(words, [...(groups.get(words) ?? []), row])
  }
  return [...groups].map(([words, rows]) => `- ${rows.join(', ')}: ${words}`).join('\n')
}

export async function writePage(results: readonly Result[]): Promise<void> {
  const measuredWith = `## Measured\n\n${origins(results)}`
  await writeFile(PAGE, `${[ABOUT, tableOf(results), growthOf(results), measuredWith].filter(Boolean).join('\n\n')}\n`)
}
