import { NotAList } from '@biologidex/server/host'
import type { Command } from 'commander'
import { inDatabase } from '../in-database.ts'
import { Refused } from '../refused.ts'

const number = new Intl.NumberFormat('en')

async function importList(file: string): Promise<void> {
  let bad = 0
  const listed = await inDatabase((host) =>
    host.importCatalogue(file, (line, problem) => {
      bad += 1
      console.error(`line ${line}: ${problem}`)
    }),
  ).catch((error: unknown) => {
    throw error instanceof NotAList ? new Refused(error.message, error) : error
  })
  const { added, changed, same, narrowed } = listed
  console.log(`${number.format(added)} new, ${number.format(changed)} changed, ${number.format(same)} as they were.`)
  if (narrowed > 0) {
    console.log(
      `${number.format(narrowed)} became vulnerable: others see where they were met no finer than an area, once the server has run.`,
    )
  }
  if (bad === 0) return
  console.error(`${number.format(bad)} lines were not understood and left out.`)
  process.exitCode = 1
}

/** `biologidex catalogue …`: the animals that can be searched on this server. */
export function addCatalogue(program: Command): void {
  program
    .command('catalogue')
    .description('the animals that this server knows')
    .command('import <file>')
    .description(
      'bring a list of animals in (TSV, also .tsv.gz, in the columns of the starter list); again and again without duplicates',
    )
    .addHelpText('after', '\nThe columns are explained in apps/server/data/README.md; only scientific_name is needed.')
    .action(importList)
}
