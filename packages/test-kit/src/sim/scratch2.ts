import { everyPoint } from './every-point.ts'
import { makeTemplate } from './template.ts'
const t = await makeTemplate()
const names: string[] = []
for await (const { name, verdict } of everyPoint(t)) { names.push(name); if (names.length === 1) console.log(verdict.script.join('\n')); if (/write 1[0-9]/.test(name)) console.log(name, verdict.script.length) ; if (process.argv[2] === name) console.log(verdict.script.join('\n')) }
console.log(names.join('\n'))
await t.remove()
