import { SqliteConnection } from '@biologidex/server/db/sqlite/connection'

const by = new Map<string, { n: number; ms: number }>()
const old = SqliteConnection.prototype.executeQuery
SqliteConnection.prototype.executeQuery = async function (this: SqliteConnection, q) {
  const t = performance.now()
  try {
    return (await old.call(this, q)) as never
  } finally {
    const k = q.sql.replace(/\(\?(, \?)+\)(, \(\?(, \?)+\))*/g, '(?..)').slice(0, 230)
    const e = by.get(k) ?? { n: 0, ms: 0 }
    e.n++
    e.ms += performance.now() - t
    by.set(k, e)
  }
}
process.on('exit', () => {
  for (const [k, v] of [...by].sort((a, b) => b[1].ms - a[1].ms).slice(0, 14))
    console.error(v.ms.toFixed(1), v.n, (v.ms / v.n).toFixed(3), k)
})
