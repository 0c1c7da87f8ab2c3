import { parseArgs } from 'node:util'
import { removeRunFolder } from './places.ts'
import { measured, print, type Result, readResults, writePage, writeResults } from './report.ts'
import { ROWS } from './rows/all.ts'

const PAIRS = 7

const { values } = parseArgs({
  options: {
    only: { type: 'string' },
    pairs: { type: 'string', default: `${PAIRS}` },
    'keep-files': { type: 'boolean', default: false },
  },
})

const letters = values.only?.split(',')
const pairs = Number(values.pairs)
const wanted = ROWS.filter(({ id }) => !letters || letters.includes(id) || letters.includes(id.slice(0, 1)))
const fresh: Result[] = []

try {
  for (const row of wanted) {
    const result = measured(row, await row.run(pairs))
    fresh.push(result)
    print(row, result)
  }
} finally {
  const results = await writeResults(await readResults(), fresh)
  await writePage(results)
  if (!values['keep-files']) await removeRunFolder()
}
