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

/** Counts from Vitest's JSON report; a run that ended badly without a failing test (coverage, a crash) is one failure. */
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

const STEPS: readonly Step[] = [
  { name: 'types', command: ['npm', 'run', '--silent', 'types'], count: once },
  { name: 'format', command: ['biome', 'check', '--error-on-warnings', '.'], count: once },
  { name: 'lint', command: ['oxlint', '--type-aware', '--deny-warnings'], count: once },
  { name: 'structure', command: ['node', 'scripts/structure.ts'], count: once },
  { name: 'dead code', command: ['knip'], count: once },
  {
    name: 'unit and contract',
    command: vitest(`${REPORTS}/unit.json`, '--coverage'),
    count: fromReport(`${REPORTS}/unit.json`),
  },
  {
    name: 'simulation',
    command: ['node', 'packages/test-kit/src/sim/run.ts', '--seeds', '60', '--every-point', '--every-step'],
    count: fromSimulation,
  },
  { name: 'web build', command: ['npm', 'run', 'build', '--workspace', '@biologidex/web', '--silent'], count: once },
  {
    name: 'browser journeys',
    command: vitest(`${REPORTS}/e2e.json`, '--config', 'e2e/vitest.config.ts'),
    count: fromReport(`${REPORTS}/e2e.json`),
  },
]

// Programs are started some hundred times over: compiled code is kept between them.
const ENV = { ...process.env, FORCE_COLOR: '0', NODE_COMPILE_CACHE: resolve('.cache/compiled') }

/** Runs a command with its output shown; answers that output and the exit code. */
function run(command: readonly string[]): Promise<{ output: string; code: number }> {
  const [program = '', ...args] = command
  return new Promise((resolve) => {
    const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'], env: ENV })
    let output = ''
    const show = (data: Buffer) => {
      output += data.toString()
      process.stdout.write(data)
    }
    child.stdout.on('data', show)
    child.stderr.on('data', show)
    child.on('error', (error) => resolve({ output: error.message, code: 127 }))
    child.on('close', (code) => resolve({ output, code: code ?? 1 }))
  })
}

const BROWSERS = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']
const findBrowser = (): string | undefined => [process.env.CHROMIUM ?? '', ...BROWSERS].find((path) => path && existsSync(path))

/** Makes sure that there is a browser: on Debian as root it is installed. */
async function provideBrowser(): Promise<boolean> {
  if (findBrowser()) return true
  if (process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')) {
    process.stdout.write('Installing Chromium …\n')
    await run(['apt-get', 'update', '-qq'])
    await run(['apt-get', 'install', '-y', '-qq', '--no-install-recommends', 'chromium'])
  }
  if (findBrowser()) return true
  process.stdout.write('No Chromium here: the browser journeys cannot run. Install it, or name it in CHROMIUM.\n')
  return false
}

async function main(): Promise<void> {
  if (Number(process.versions.node.split('.')[0]) < 24) {
    throw new Error(`The tests run on Node 24; this is ${process.version}. Start them with npm: npm test`)
  }
  await mkdir(REPORTS, { recursive: true })
  const hasBrowser = await provideBrowser()
  const asked = process.argv.slice(2)
  const steps = asked.length > 0 ? STEPS.filter((step) => asked.some((name) => step.name.includes(name))) : STEPS
  let passed = 0
  let failed = 0
  const summary: string[] = []
  for (const step of steps) {
    process.stdout.write(`\n— ${step.name}\n`)
    const started = Date.now()
    const skip = step.name === 'browser journeys' && !hasBrowser
    const { output, code } = skip ? { output: '', code: 1 } : await run(step.command)
    const outcome: Outcome = skip ? { passed: 0, failed: 1 } : await step.count(output, code)
    passed += outcome.passed
    failed += outcome.failed
    const seconds = Math.round((Date.now() - started) / 1000)
    summary.push(`${step.name}: ${outcome.passed} passed, ${outcome.failed} failed (${seconds} s)`)
    for (const failure of outcome.failures ?? []) summary.push(`  failed: ${failure}`)
  }
  process.stdout.write(`\n${summary.join('\n')}\n\n${passed} passed, ${failed} failed\n`)
  process.exitCode = failed > 0 ? 1 : 0
}

await main()
