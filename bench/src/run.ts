import { parseArgs } from 'node:util'
import { ENTRIES } from './fixture/own.ts'
import { GROWTH } from './growth.ts'
import { removeRunFolder } from './places.ts'
import { measured, print, readResults, writePage, writeResults } from './report.ts'
import type { Row } from './row.ts'
import { ROWS } from './rows/all.ts'
import { endStillStage } from './stage.ts'

const PAIRS = 7
/** What grows is seen over many sizes. */
const GROWTH_PAIRS = 3

const { values } = parseArgs({
  options: {
    only: { type: 'string' },
    pairs: { type: 'string' },
    growth: { type: 'boolean', default: false },
    sizes: { type: 'string' },
    'keep-files': { type: 'boolean', default: false },
  },
})

const letters = values.only?.split(',')
const pairs = Number(values.pairs ?? (values.growth ? GROWTH_PAIRS : PAIRS))
const sizes = values.sizes?.split(',').map(Number)
const isWanted = ({ id }: Row): boolean => !letters || letters.includes(id) || letters.includes(id.slice(0, 1))
const grows = GROWTH.filter(({ row, entries, friends }) => isWanted(row) && (!sizes || sizes.includes(friends ?? entries)))
const wanted = values.growth ? grows : ROWS.filter(isWanted).map((row) => ({ row, entries: undefined, friends: undefined }))

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => void removeRunFolder().finally(() => process.exit(1)))
}

try {
  for (const { row, entries, friends } of wanted) {
    const samples = await row.run(pairs, entries ?? ENTRIES, entries !== undefined, friends)
    const result = measured(row, samples, { entries, friends })
    print(row, result)
    // At once: a run that is cut short has still measured what it has measured.
    await writePage(await writeResults(await readResults(), [result]))
  }
} finally {
  await endStillStage()
  if (!values['keep-files']) await removeRunFolder()
}
