import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, readFile } from 'node:fs/promises'
import { resolve } from 'node:path'

/**
 * The one test command: types, format, lint, structure, dead code, unit and contract tests on SQLite and PostgreSQL, the
 * simulation, and the journeys in a real browser. Installs what it lacks, says what it could not run and fails then.
 */

interface Outcome {
  readonly passed: number
  readonly failed: number
  /** Names of what failed, each with the first line of why. */
  readonly failures?: readonly string[]
}
type Count = (output: string, code: number) => Outcome | Promise<Outcome>

interface Step {
  readonly name: string
  readonly command: readonly string[]
  readonly count: Count
}

const REPORTS = '.cache/reports'
const once: Count = (_output, code) => ({ passed: code === 0 ? 1 : 0, failed: code === 0 ? 0 : 1 })

interface Report {
  readonly numPassedTests: number
  readonly numFailedTests: number
  readonly testResults: readonly {
    readonly name: string
    readonly status: string
    readonly message: string
    readonly assertionResults: readonly {
      readonly fullName: string
      readonly status: string
      readonly failureMessages?: readonly string[]
    }[]
  }[]
}

const firstLine = (text = ''): string => text.split('\n', 1)[0] ?? ''

/** Of one file of the report: its failing tests, or why the file as a whole failed. */
function failuresOf({ name, status, message, assertionResults }: Report['testResults'][number]): string[] {
  const failed = assertionResults.filter((test) => test.status === 'failed')
  if (failed.length === 0) return status === 'failed' ? [`${name}: ${firstLine(message)}`] : []
  return failed.map((test) => `${name}: ${test.fullName}: ${firstLine(test.failureMessages?.[0])}`)
}

/** Counts from Vitest's JSON report; a run that ended badly without a failing test (a crash) is one failure. */
const fromReport =
  (file: string): Count =>
  async (_output, code) => {
    if (!existsSync(file)) return { passed: 0, failed: 1 }
    const report = JSON.parse(await readFile(file, 'utf8')) as Report
    const failures = report.testResults.flatMap(failuresOf).map((line) => line.replace(`${process.cwd()}/`, ''))
    return { passed: report.numPassedTests, failed: Math.max(report.numFailedTests, code === 0 ? 0 : 1), failures }
  }

const fromSimulation: Count = (output, code) => {
  const match = /sim: (\d+) seeds?, (\d+) failures?/.exec(output)
  if (!match) return { passed: 0, failed: 1 }
  const [seeds, failures] = [Number(match[1]), Number(match[2])]
  return { passed: seeds - failures, failed: Math.max(failures, code === 0 ? 0 : 1) }
}

const vitest = (report: string, ...more: string[]): string[] => [
  'vitest',
  'run',
  ...more,
  '--reporter=default',
  '--reporter=json',
  `--outputFile.json=${report}`,
]

const WEB_BUILD: Step = {
  name: 'web build',
  command: ['npm', 'run', 'build', '--workspace', '@biologidex/web', '--silent'],
  count: once,
}

const simulation = (from: number, seeds: number): Step => ({
  name: `simulation, seeds ${from} to ${from + seeds - 1}`,
  command: ['node', 'packages/test-kit/src/sim/run.ts', '--seeds', String(seeds), '--from', String(from)],
  count: fromSimulation,
})

/** Done side by side, each lane in its order and keeping one core busy. */
const LANES: readonly (readonly Step[])[] = [
  [
    { name: 'types', command: ['npm', 'run', '--silent', 'types'], count: once },
    { name: 'format', command: ['biome', 'check', '--error-on-warnings', '.'], count: once },
    { name: 'structure', command: ['node', 'scripts/structure.ts'], count: once },
    { name: 'dead code', command: ['knip'], count: once },
    WEB_BUILD,
    { name: 'lint', command: ['oxlint', '--type-aware', '--deny-warnings'], count: once },
    simulation(1, 20),
  ],
  [
    {
      name: 'simulation, crashed at every point and step',
      command: ['node', 'packages/test-kit/src/sim/run.ts', '--seeds', '0', '--every-point', '--every-step'],
      count: once,
    },
    simulation(21, 10),
  ],
]

/** Done after those, one after the other: each uses all the machine has. */
const STEPS: readonly Step[] = [
  {
    name: 'unit and contract',
    command: vitest(`${REPORTS}/unit.json`),
    count: fromReport(`${REPORTS}/unit.json`),
  },
  {
    name: 'browser journeys',
    command: vitest(`${REPORTS}/e2e.json`, '--config', 'e2e/vitest.config.ts'),
    count: fromReport(`${REPORTS}/e2e.json`),
  },
]

// Programs are started some hundred times over: compiled code is kept between them.
const ENV = { ...process.env, FORCE_COLOR: '0', NODE_COMPILE_CACHE: resolve('.cache/compiled') }

/** Runs a command, its output shown as it comes or all at its end; answers that output and the exit code. */
function run(command: readonly string[], asItComes = true): Promise<{ output: string; code: number }> {
  const [program = '', ...args] = command
  return new Promise((done) => {
    const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'], env: ENV })
    let output = ''
    const show = (data: Buffer) => {
      output += data.toString()
      if (asItComes) process.stdout.write(data)
    }
    child.stdout.on('data', show)
    child.stderr.on('data', show)
    child.on('error', (error) => done({ output: error.message, code: 127 }))
    child.on('close', (code) => done({ output, code: code ?? 1 }))
  })
}

const BROWSERS = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']
const findBrowser = (): string | undefined => [process.env.CHROMIUM ?? '', ...BROWSERS].find((path) => path && existsSync(path))

/** Chromium without a window, which journeys prefer where it is: they take less time. */
const SHELL = '/usr/bin/chromium-headless-shell'

/** Makes sure that there is a browser: on Debian as root it is installed. */
async function provideBrowser(): Promise<boolean> {
  const missing = [...(findBrowser() ? [] : ['chromium']), ...(existsSync(SHELL) ? [] : ['chromium-headless-shell'])]
  if (missing.length > 0 && process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')) {
    process.stdout.write(`Installing ${missing.join(' and ')} …\n`)
    await run(['apt-get', 'update', '-qq'])
    for (const name of missing) await run(['apt-get', 'install', '-y', '-qq', '--no-install-recommends', name])
  }
  if (findBrowser()) return true
  process.stdout.write('No Chromium here: the browser journeys cannot run. Install it, or name it in CHROMIUM.\n')
  return false
}

/** A step that was done: what came of it, and how long it took. */
interface Done extends Outcome {
  readonly name: string
  readonly seconds: number
}

async function take(step: Step, asItComes: boolean): Promise<Done> {
  const heading = `\n— ${step.name}\n`
  if (asItComes) process.stdout.write(heading)
  const started = Date.now()
  const { output, code } = await run(step.command, asItComes)
  if (!asItComes) process.stdout.write(heading + output)
  const outcome = await step.count(output, code)
  return { ...outcome, name: step.name, seconds: Math.round((Date.now() - started) / 1000) }
}

async function inOrder(steps: readonly Step[], asItComes: boolean): Promise<Done[]> {
  const done: Done[] = []
  for (const step of steps) done.push(await take(step, asItComes))
  return done
}

function summary(all: readonly Done[]): string {
  const lines = all.flatMap(({ name, passed, failed, seconds, failures = [] }) => [
    `${name}: ${passed} passed, ${failed} failed (${seconds} s)`,
    ...failures.map((failure) => `  failed: ${failure}`),
  ])
  const sum = (of: 'passed' | 'failed') => all.reduce((total, one) => total + one[of], 0)
  return `\n${lines.join('\n')}\n\n${sum('passed')} passed, ${sum('failed')} failed\n`
}

async function main(): Promise<void> {
  if (Number(process.versions.node.split('.')[0]) < 24) {
    throw new Error(`The tests run on Node 24; this is ${process.version}. Start them with npm: npm test`)
  }
  await mkdir(REPORTS, { recursive: true })
  const hasBrowser = await provideBrowser()
  const asked = process.argv.slice(2)
  const isAsked = ({ name }: Step) => asked.length === 0 || asked.some((word) => name.includes(word))
  const lanes = LANES.map((steps) => steps.filter(isAsked))
  const done = (await Promise.all(lanes.map((steps) => inOrder(steps, false)))).flat()
  const rest = STEPS.filter(isAsked)
  const possible = rest.filter(({ name }) => hasBrowser || name !== 'browser journeys')
  done.push(...(await inOrder(possible, true)))
  // What could not be run has failed.
  for (const { name } of rest)
    if (!possible.some((step) => step.name === name)) done.push({ name, passed: 0, failed: 1, seconds: 0 })
  process.stdout.write(summary(done))
  process.exitCode = done.some(({ failed }) => failed > 0) ? 1 : 0
}

await main()
