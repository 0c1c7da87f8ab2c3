import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import type { Context } from '../../context.ts'
import { type ListLine, readList } from './list-file.ts'
import { takeList } from './listing.service.ts'

export const STARTER_LIST = join(import.meta.dirname, '../../../data/starter-animals.tsv')

async function versionOf(path: string): Promise<number> {
  const digest = createHash('sha256').update(await readFile(path))
  return Number.parseInt(digest.digest('hex').slice(0, 12), 16)
}

/**
 * Brings the starter list into the catalogue. Runs at each start and does something only when the list is another one than last
 * time. Animals that a list of the host's own describes stay as that says.
 * @throws Error naming the line that cannot be read
 */
export async function seedAnimals(ctx: Pick<Context, 'db' | 'nudges' | 'jobs'>, path = STARTER_LIST): Promise<void> {
  const version = await versionOf(path)
  const counter = ctx.db.read.selectFrom('counters').select('value').where('name', '=', 'starter_list')
  if ((await counter.executeTakeFirst())?.value === version) return
  const lines: ListLine[] = []
  for await (const line of readList(path)) lines.push(line)
  const sources = new Set(['typed', ...lines.flatMap((line) => ('animal' in line ? [line.animal.source] : []))])
  await takeList(ctx, Readable.from(lines), {
    mayChange: ({ source }) => sources.has(source ?? 'typed'),
    onProblem: (line, problem) => {
      throw new Error(`${path}, line ${line}: ${problem}`)
    },
  })
  await ctx.db.write((tx) =>
    tx.q
      .insertInto('counters')
      .values({ name: 'starter_list', value: version })
      .onConflict((conflict) => conflict.column('name').doUpdateSet({ value: version }))
      .execute(),
  )
}
