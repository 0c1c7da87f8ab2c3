import { execFile } from 'node:child_process'
import { cpus, totalmem } from 'node:os'
import { DatabaseSync } from 'node:sqlite'
import { promisify } from 'node:util'
import { once } from './once.ts'
import { ROOT } from './places.ts'

const run = promisify(execFile)

/** Where and with what a row was measured. */
export interface Machine {
  readonly cores: number
  readonly memoryGiB: number
  readonly cpu: string
  readonly node: string
  readonly sqlite: string
  readonly chromium: string
  readonly commit: string
}

export const CHROMIUM = process.env.CHROMIUM ?? '/usr/bin/chromium'

async function output(command: string, ...parts: string[]): Promise<string> {
  const { stdout } = await run(command, parts, { cwd: ROOT })
  return stdout.trim()
}

/** A version, or what is said where the program is not there. */
const orNone = (text: Promise<string>): Promise<string> => text.catch(() => 'none')

function sqliteVersion(): string {
  const db = new DatabaseSync(':memory:')
  const { version } = db.prepare('SELECT sqlite_version() AS version').get() as { version: string }
  db.close()
  return version
}

async function commitNow(): Promise<string> {
  const commit = await output('git', 'rev-parse', '--short=12', 'HEAD')
  const changed = await output('git', 'status', '--porcelain', '--', 'apps', 'packages')
  return changed ? `${commit} with changes` : commit
}

export const machine: () => Promise<Machine> = once(async () => ({
  cores: cpus().length,
  memoryGiB: Math.round(totalmem() / 2 ** 30),
  cpu: cpus()[0]?.model ?? '',
  node: process.version,
  sqlite: sqliteVersion(),
  chromium: (await orNone(output(CHROMIUM, '--version'))).replace(/\s*(built|snap).*/, ''),
  commit: await orNone(commitNow()),
}))
