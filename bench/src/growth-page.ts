/** What a plot needs of a result. */
interface Point {
  readonly row: string
  readonly entries?: number
  readonly ours: number
  readonly bare: number
  readonly unit: string
}

/** Characters of the longest bar. */
const WIDTH = 40

const words = (value: number): string => value.toLocaleString('en-GB', { maximumSignificantDigits: 3 })
const bar = (value: number, most: number): string => '█'.repeat(Math.max(1, Math.round((value / most) * WIDTH)))

function plot(row: string, points: readonly Point[]): string {
  const most = Math.max(...points.flatMap(({ ours, bare }) => [ours, bare]))
  const lines = points.flatMap(({ entries = 0, ours, bare }) => [
    `${words(entries).padStart(9)}  ours ${bar(ours, most)} ${words(ours)}`,
    `           bare ${bar(bare, most)} ${words(bare)}`,
  ])
  return [`${row}, ${points[0]?.unit}`, '', ...lines].join('\n')
}

/** The section of the page that shows how rows grow with the dex; empty when that was not measured. */
export function growthOf(results: readonly Point[]): string {
  const sized = results.filter(({ entries }) => entries !== undefined).sort((a, b) => (a.entries ?? 0) - (b.entries ?? 0))
  const plots = [...Map.groupBy(sized, ({ row }) => row)].sort(([a], [b]) => a.localeCompare(b))
  if (plots.length === 0) return ''
  const about = `## Growth

Rows again with a dex of 1,000, 10,000 and 100,000 entries, and the server alone up to 1,000,000 (\`npm run bench -- --growth\`). A grows with
the dex; the others must not. Rows named *server* are requests of one connection, beside a bare replay of one line. Fewer turns than above,
and servers that are warmed up for less long: what counts here is how a row's figures compare from size to size.`
  return [about, ...plots.map(([row, points]) => `\`\`\`text\n${plot(row, points)}\n\`\`\``)].join('\n\n')
}
