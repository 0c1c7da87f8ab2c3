import { setAside } from './checks/aside.ts'
import { readRows } from './checks/rows.ts'
import { heal } from './heal.ts'
import { Script } from './script.ts'
import { makeTemplate } from './template.ts'
import { World } from './world.ts'

const t = await makeTemplate()
const sum: Record<string, number> = {}
const add = (k: string, n: number) => (sum[k] = (sum[k] ?? 0) + n)
for (let seed = 1; seed <= Number(process.argv[2]); seed++) {
  const w = await World.begin(t, `seed ${seed}`)
  await new Script(w).play()
  const open = w.devices.filter((d) => d.program).length
  await heal(w)
  const r = await readRows(w.server.ctx.db)
  add('seeds', 1)
  add('open at end', open)
  add('entries', r.entries.size)
  add('images', r.images.length)
  add('conflicts', r.conflicts.length)
  add('deleted', [...r.entries.values()].filter((e) => e.deleted_at !== null).length)
  for (const l of [...r.revised.values()].flat())
    if (l.op) add(l.op, 1)
    else add('field revisions', 1)
  add('aside', setAside(w.devices, w.ledger).size)
  add('deeds', w.ledger.deeds.length)
  add('not kept', w.ledger.deeds.filter((d) => !d.kept).length)
  add('settled', w.ledger.settlements.length)
  add('numbers', r.lastNumber)
  add('deaths', w.script.filter((l) => l.includes('the server is dead')).length)
  add('virtual minutes', (w.clock.now() - Date.UTC(2026, 4, 17, 8, 30)) / 60000)
  add('server writes', w.server.plan.passed.write)
  add('blob ops', w.server.plan.passed.blob)
  add(
    'device writes',
    w.devices.reduce((s, d) => s + d.disk.writes, 0),
  )
  await w.end()
}
console.log(sum)
await t.remove()
