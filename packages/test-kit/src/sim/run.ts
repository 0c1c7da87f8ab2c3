import { parseArgs } from 'node:util'
import { everyPoint } from './every-point.ts'
import { playSeed, type Verdict } from './seed.ts'
import { makeTemplate } from './template.ts'

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '60' },
    from: { type: 'string', default: '1' },
    'every-point': { type: 'boolean', default: false },
    verbose: { type: 'boolean', default: false },
  },
})

const say = (text: string): void => void process.stdout.write(`${text}\n`)

function tell(what: string, replay: string, { complaints, script }: Verdict): void {
  say(`\n${what} FAILED\n${script.join('\n')}\n`)
  for (const complaint of complaints) say(complaint)
  say(`replay it: ${replay}\n`)
}

const template = await makeTemplate()
let failures = 0
const seeds = Number(values.seeds)
for (let seed = Number(values.from); seed < Number(values.from) + seeds; seed += 1) {
  const began = performance.now()
  const verdict = await playSeed(template, seed)
  if (values.verbose) say(verdict.script.join('\n'))
  if (verdict.complaints.length > 0) {
    failures += 1
    tell(`seed ${seed}`, `npm run sim -- --seeds 1 --from ${seed}`, verdict)
  }
  say(`seed ${seed}: ${Math.round(performance.now() - began)} ms`)
}
if (values['every-point']) {
  let n = 0
  for await (const { name, verdict } of everyPoint(template)) {
    n += 1
    if (verdict.complaints.length > 0) {
      failures += 1
      tell(name, 'npm run sim -- --seeds 0 --every-point', verdict)
    }
  }
  say(`${n} points`)
}
await template.remove()
say(`sim: ${seeds} seeds, ${failures} failures`)
process.exitCode = failures > 0 ? 1 : 0
