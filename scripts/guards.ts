import { spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { GUARDS, type Guard } from './guard-list.ts'

/**
 * Takes each guard out in turn and requires its test to fail: a guard whose test passes without it is not guarded.
 * Works in the checkout, which must be clean; every file is put back, also when it is interrupted.
 */
const clean = spawnSync('git', ['status', '--porcelain', '--untracked-files=no'], { encoding: 'utf8' }).stdout.trim() === ''
if (!clean) throw new Error('Commit or stash your changes first: the guards are taken out in place.')

let restore = (): void => undefined
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    restore()
    process.exit(1)
  })
}

/** Why the guard is not guarded; undefined when its test fails without it. */
function missing({ file, find, replace, test }: Guard): string | undefined {
  const before = readFileSync(file, 'utf8')
  if (before.split(find).length !== 2) return `its text does not stand in ${file} exactly once`
  restore = () => writeFileSync(file, before)
  try {
    writeFileSync(
      file,
      before.replace(find, () => replace),
    )
    const { status } = spawnSync('vitest', ['run', test, '--bail=1'], { stdio: 'ignore' })
    return status === 0 ? `${test} passes without it` : undefined
  } finally {
    restore()
  }
}

let failed = 0
for (const guard of GUARDS) {
  const why = missing(guard)
  if (why) failed += 1
  process.stdout.write(`${why ? 'NOT GUARDED' : 'guarded'}: ${guard.name}${why ? ` (${why})` : ''}\n`)
}
process.stdout.write(`${GUARDS.length - failed} passed, ${failed} failed\n`)
process.exitCode = failed > 0 ? 1 : 0
