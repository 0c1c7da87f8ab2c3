import { Command } from 'commander'
import { Refused } from './refused.ts'

type Add = (program: Command) => void

/** One file per command in `commands/`, each adding itself to the program. Only what was asked for is loaded: most of a short command is that. */
const COMMANDS: Readonly<Record<string, () => Promise<Add>>> = {
  serve: async () => (await import('./commands/serve.ts')).addServe,
  demo: async () => (await import('./commands/demo.ts')).addDemo,
  catalogue: async () => (await import('./commands/catalogue.ts')).addCatalogue,
  mirror: async () => (await import('./commands/mirror.ts')).addMirror,
  import: async () => (await import('./commands/import.ts')).addImport,
  user: async () => (await import('./commands/user.ts')).addUser,
}

/** `biologidex …`: the server, and what its host and its people do in the terminal. */
const program = new Command('biologidex')
  .description('A dex for real animals: the server, and what its host does in the terminal.')
  .showHelpAfterError('(biologidex --help says more)')

const asked = process.argv[2] ?? ''
const loads = Object.hasOwn(COMMANDS, asked) ? [COMMANDS[asked]] : Object.values(COMMANDS)

try {
  for (const load of loads) (await load?.())?.(program)
  await program.parseAsync()
} catch (error) {
  // What a person can mend is told in one sentence; anything else keeps its trace.
  console.error(error instanceof Refused ? error.message : error)
  process.exitCode = error instanceof Refused ? error.exitCode : 1
}
