import { parseArgs } from 'node:util'
import { ENTRIES } from './fixture/own.ts'
import { GROWTH } from './growth.ts'
import { removeRunFolder } from './places.ts'
import { measured, print, type Result, readResults, writePage, writeResults } from './report.ts'
import type { Row } from './row.ts'
import { ROWS } from './rows/all.ts'

const PAIRS = 7

const { values } = parseArgs({
  options: {
    only: { type: 'string' },
    pairs: { type: 'string', default: `${PAIRS}` },
    growth: { type: 'boolean', default: false },
    sizes: { type: 'string' },
    'keep-files': { type: 'boolean', default: false },
  },
})

const letters = values.only?.split(',')
const pairs = Number(values.pairs)
const sizes = values.sizes?.split(',').map(Number)
const isWanted = ({ id }: Row): boolean => !letters || letters.includes(id) || letters.includes(id.slice(0, 1))
const grows = GROWTH.filter(({ row, entries }) => isWanted(row) && (!sizes || sizes.includes(entries)))
const wanted = values.growth ? grows : ROWS.filter(isWanted).map((row) => ({ row, entries: undefined }))
const fresh: Result[] = []

try {
  for (const { row, entries } of wanted) {
    const result = measured(row, await row.run(pairs, entries ?? ENTRIES), entries)
    fresh.push(result)
    print(row, result)
  }
} finally {
  const results = await writeResults(await readResults(), fresh)
  await writePage(results)
  if (!values['keep-files']) await removeRunFolder()
}
