import { Command } from 'commander'
import { addCatalogue } from './commands/catalogue.ts'
import { addDemo } from './commands/demo.ts'
import { addImport } from './commands/import.ts'
import { addMirror } from './commands/mirror.ts'
import { addServe } from './commands/serve.ts'
import { addUser } from './commands/user.ts'
import { Refused } from './refused.ts'

/** `biologidex …`: one file per command in `commands/`, each adding itself to the program. */
const program = new Command('biologidex')
  .description('A dex for real animals: the server, and what its host does in the terminal.')
  .showHelpAfterError('(biologidex --help says more)')

addServe(program)
addDemo(program)
addCatalogue(program)
addImport(program)
addMirror(program)
addUser(program)

try {
  await program.parseAsync()
} catch (error) {
  // What a person can mend is told in one sentence; anything else keeps its trace.
  console.error(error instanceof Refused ? error.message : error)
  process.exitCode = error instanceof Refused ? error.exitCode : 1
}
