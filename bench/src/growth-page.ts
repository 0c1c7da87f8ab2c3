/** What a plot needs of a result. */
interface Point {
  readonly row: string
  readonly entries?: number
  readonly friends?: number
  readonly ours: number
  readonly bare: number
  readonly unit: string
}

/** Characters of the longest bar. */
const WIDTH = 40

const words = (value: number): string => value.toLocaleString('en-GB', { maximumSignificantDigits: 3 })
const bar = (value: number, most: number): string => '█'.repeat(Math.max(1, Math.round((value / most) * WIDTH)))

const sizeOf = ({ entries = 0, friends }: Point): number => friends ?? entries

function plot(row: string, points: readonly Point[]): string {
  const most = Math.max(...points.flatMap(({ ours, bare }) => [ours, bare]))
  const lines = points.flatMap((point) => [
    `${words(sizeOf(point)).padStart(9)}  ours ${bar(point.ours, most)} ${words(point.ours)}`,
    `           bare ${bar(point.bare, most)} ${words(point.bare)}`,
  ])
  return [`${row}, ${points[0]?.unit}`, '', ...lines].join('\n')
}

function section(about: string, points: readonly Point[]): string[] {
  const sized = points.toSorted((a, b) => sizeOf(a) - sizeOf(b))
  const plots = [...Map.groupBy(sized, ({ row }) => row)].sort(([a], [b]) => a.localeCompare(b))
  if (plots.length === 0) return []
  return [about, ...plots.map(([row, its]) => `\`\`\`text\n${plot(row, its)}\n\`\`\``)]
}

const WITH_THE_DEX = `## Growth

Rows again with a dex of 1,000, 10,000 and 100,000 entries, and the server alone up to 1,000,000 (\`npm run bench -- --growth\`). A grows with
the dex; the others must not. Rows named *server* are requests of one connection, beside a bare replay of one line. Fewer turns than above,
and servers that are warmed up for less long: what counts here is how a row's figures compare from size to size. Some were measured before the rows above were measured as they are now (*B warm* without
rounds that do not count; *G* beside a plain \`node:http\` server).`

const WITH_FRIENDS = `### With the number of friends

The circle again with 10, 100 and 1,000 friends of 100 entries each, beside one's own 10,000. *D server* reads everything once from the server
alone, beside a bare replay of the same bytes, and grows with what there is to read; the others must not.`

/** The section of the page that shows how rows grow with the dex and with friends; empty when that was not measured. */
export function growthOf(results: readonly Point[]): string {
  const sized = results.filter(({ entries }) => entries !== undefined)
  const [circles, own] = [
    sized.filter(({ friends }) => friends !== undefined),
    sized.filter(({ friends }) => friends === undefined),
  ]
  return [...section(WITH_THE_DEX, own), ...section(WITH_FRIENDS, circles)].join('\n\n')
}
