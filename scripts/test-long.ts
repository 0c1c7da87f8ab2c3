import { spawnSync } from 'node:child_process'

/**
 * What takes longer than `npm test` may: many seeds, every step in every way, every guard taken out, a gigabyte of pictures, how much of sync is
 * covered (watching that takes a third more of the processor), journeys that build the app anew. All of it is run, whatever fails.
 */
const SIMULATION = 'packages/test-kit/src/sim/run.ts'
const LONG: readonly (readonly string[])[] = [
  ['node', SIMULATION, '--seeds', '1000', '--from', '1000', '--every-point', '--every-step', '--long'],
  ['node', 'scripts/guards.ts'],
  ['vitest', 'run', '--coverage'],
  ['vitest', 'run', '--config', 'e2e/vitest.config.ts'],
]

const failed = LONG.filter(([program = '', ...args]) => {
  process.stdout.write(`\n— ${program} ${args.join(' ')}\n`)
  return spawnSync(program, args, { stdio: 'inherit', env: { ...process.env, LONG: '1' } }).status !== 0
})
process.stdout.write(`\n${LONG.length - failed.length} passed, ${failed.length} failed\n`)
process.exitCode = failed.length > 0 ? 1 : 0
