import { spawn } from 'node:child_process'
import { readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { GUARDS } from './guards/all.ts'
import type { Guard } from './guards/guard.ts'
import { copyOfTree } from './tree-copy.ts'

/**
 * Takes each guard out in turn and requires its test to fail: a guard whose test passes without it is not guarded. Works in
 * a copy of the checkout as it stands, so that nothing has to be put back, however this ends. `npm run test:guards -- WORD`
 * tries those whose name holds the word.
 */
const word = process.argv[2] ?? ''
const guards = GUARDS.filter(({ name }) => name.includes(word))
const tree = await copyOfTree()
process.once('exit', tree.remove)
const ending = new AbortController()
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    ending.abort()
    process.exit(1)
  })
}

interface Ran {
  readonly tests: number
  /** Names of what failed. */
  readonly failed: readonly string[]
}

interface Report {
  readonly numTotalTests: number
  readonly testResults: readonly {
    readonly name: string
    readonly assertionResults: readonly { readonly status: string; readonly fullName: string }[]
  }[]
}

/** Runs test files in the copy. A file that does not load runs no test. */
async function run(files: readonly string[], ...more: string[]): Promise<Ran> {
  const output = join(tree.path, 'report.json')
  const args = ['run', ...files, ...more, '--reporter=json', `--outputFile=${output}`]
  const child = spawn('vitest', args, { cwd: tree.path, stdio: 'ignore', signal: ending.signal })
  await new Promise((resolve, reject) => child.once('close', resolve).once('error', reject))
  const report = JSON.parse(await readFile(output, 'utf8')) as Report
  await rm(output)
  const tests = report.testResults.flatMap(({ assertionResults }) => assertionResults)
  return {
    tests: report.numTotalTests,
    failed: tests.filter(({ status }) => status === 'failed').map(({ fullName }) => fullName),
  }
}

/** Why the guard is not guarded; undefined when its test fails without it. */
async function missing({ file, find, replace, test }: Guard): Promise<string | undefined> {
  const path = join(tree.path, file)
  const before = await readFile(path, 'utf8')
  if (before.split(find).length !== 2) return `its text does not stand in ${file} exactly once`
  const without = before.replace(find, () => replace)
  await writeFile(path, without)
  const ran = await run([test], '--bail=1')
  await writeFile(path, before)
  if (ran.tests === 0) return `${test} does not load without it`
  return ran.failed.length > 0 ? undefined : `${test} passes without it`
}

const sound = await run([...new Set(guards.map(({ test }) => test))])
if (sound.tests === 0 || sound.failed.length > 0) {
  throw new Error(`Fails already, with every guard in its place: ${sound.failed.join('; ') || 'everything'}`)
}
let failed = 0
for (const guard of guards) {
  const why = await missing(guard)
  if (why) failed += 1
  process.stdout.write(`${why ? 'NOT GUARDED' : 'guarded'}: ${guard.name}${why ? ` (${why})` : ''}\n`)
}
process.stdout.write(`${guards.length - failed} passed, ${failed} failed\n`)
process.exitCode = failed > 0 ? 1 : 0
