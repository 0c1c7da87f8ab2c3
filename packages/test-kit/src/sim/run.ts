import { parseArgs } from 'node:util'
import { everyPoint, everyStep } from './every-point.ts'
import { playSeed, type Verdict } from './seed.ts'
import { makeTemplate } from './template.ts'

/** Complaints of one failure that are printed; the first ones tell most. */
const MOST_COMPLAINTS = 15
/** Failures whose whole script is printed. */
const MOST_SCRIPTS = 3
/** Seeds or points after which progress is told. */
const TELL_EVERY = 20

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '60' },
    from: { type: 'string', default: '1' },
    'every-point': { type: 'boolean', default: false },
    'every-step': { type: 'boolean', default: false },
    long: { type: 'boolean', default: false },
    step: { type: 'string', default: '' },
    point: { type: 'string', default: '' },
    verbose: { type: 'boolean', default: false },
  },
})

const say = (text: string): void => void process.stdout.write(`${text}\n`)

let failures = 0

function tell(what: string, replay: string, { complaints, script }: Verdict): void {
  if (values.verbose) say(`${what}\n${script.join('\n')}`)
  if (complaints.length === 0) return
  failures += 1
  say(`\n${what} FAILED`)
  if (failures <= MOST_SCRIPTS && !values.verbose) say(`${script.join('\n')}\n`)
  for (const complaint of complaints.slice(0, MOST_COMPLAINTS)) say(complaint)
  if (complaints.length > MOST_COMPLAINTS) say(`and ${complaints.length - MOST_COMPLAINTS} more`)
  say(`replay it: npm run sim -- ${replay}\n`)
}

async function runSeeds(template: Awaited<ReturnType<typeof makeTemplate>>): Promise<number> {
  const [first, seeds] = [Number(values.from), Number(values.seeds)]
  for (let seed = first; seed < first + seeds; seed += 1) {
    tell(`seed ${seed}`, `--seeds 1 --from ${seed}`, await playSeed(template, seed))
    if ((seed - first + 1) % TELL_EVERY === 0) say(`${seed - first + 1} of ${seeds} seeds, ${failures} failures`)
  }
  return seeds
}

async function runAll(what: 'point' | 'step', all: ReturnType<typeof everyPoint>): Promise<void> {
  let played = 0
  for await (const { name, verdict } of all) {
    played += 1
    tell(name, `--seeds 0 --${what} "${name}"`, verdict)
    if (played % TELL_EVERY === 0) say(`${played} ${what}s, ${failures} failures`)
  }
  say(`${played} ${what}s at which the short script was crashed`)
}

process.once('SIGINT', () => process.exit(130))
process.once('SIGTERM', () => process.exit(143))
const template = await makeTemplate()
process.once('exit', template.remove)
const seeds = await runSeeds(template)
if (values['every-point'] || values.point) await runAll('point', everyPoint(template, values.point))
const long = values.long || values.step !== ''
if (values['every-step'] || values.step) await runAll('step', everyStep(template, values.step, long))
say(`sim: ${seeds} seeds, ${failures} failures`)
process.exitCode = failures > 0 ? 1 : 0
