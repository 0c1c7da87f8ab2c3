import { readdirSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { ownDex } from '../src/fixture/own.ts'
import { copyOf } from '../src/places.ts'

const dex = await ownDex()
const dir = await copyOf(dex.dataDir, 'd')
console.log(readdirSync(dir))
const db = new DatabaseSync(`${dir}/${readdirSync(dir).find((f) => f.endsWith('.sqlite') || f.endsWith('.db'))}`)
const feed = (db.prepare("select id from feeds where owner_id = ? and kind = 'owner'").get(dex.account) as any).id
const t = (name: string, sql: string, ...args: any[]) => {
  console.log(
    name,
    JSON.stringify(
      db
        .prepare('explain query plan ' + sql)
        .all(...args)
        .map((r: any) => r.detail),
    ),
  )
  const s = db.prepare(sql)
  const xs = []
  for (let i = 0; i < 9; i++) {
    const b = performance.now()
    s.all(...args)
    xs.push(performance.now() - b)
  }
  console.log('   ', xs.sort((a, b) => a - b)[4].toFixed(3), 'ms')
}
for (const n of [1, 10, 100, 500]) {
  const items = dex.entries.slice(50, 50 + n).map((e) => `entry/${e}`)
  const q = items.map(() => '?').join(',')
  t(`in ${n}`, `select item, payload, animal_id from feed_items where feed_id = ? and item in (${q})`, feed, ...items)
  t(
    `indexed by ${n}`,
    `select item, payload, animal_id from feed_items indexed by feed_items_by_item where feed_id = ? and item in (${q})`,
    feed,
    ...items,
  )
  t(`+feed_id ${n}`, `select item, payload, animal_id from feed_items where +feed_id = ? and item in (${q})`, feed, ...items)
  t(
    `values ${n}`,
    `select item, payload, animal_id from feed_items where (feed_id, item) in (values ${items.map(() => '(?,?)').join(',')})`,
    ...items.flatMap((i) => [feed, i]),
  )
  t(
    `feed_id in () ${n}`,
    `select item, payload, animal_id from feed_items where feed_id in (?, -1) and item in (${q})`,
    feed,
    ...items,
  )
  t(
    `join json ${n}`,
    `select f.item, payload, animal_id from json_each(?) j cross join feed_items f on f.feed_id = ? and f.item = j.value`,
    JSON.stringify(items),
    feed,
  )
  {
    const g = db.prepare('select item, payload, animal_id from feed_items where feed_id = ? and item = ?')
    const xs = []
    for (let i = 0; i < 9; i++) {
      const b = performance.now()
      for (const it of items) g.get(feed, it)
      xs.push(performance.now() - b)
    }
    console.log('each get', n, xs.sort((a, b) => a - b)[4].toFixed(3))
  }
  if (n > 1e9)
    t(
      `json_each ${n}`,
      `select item, payload, animal_id from feed_items where feed_id = ? and item in (select value from json_each(?))`,
      feed,
      JSON.stringify(items),
    )
}
const b = performance.now()
db.exec('analyze')
console.log('analyze', performance.now() - b)
const db2 = new DatabaseSync(`${dir}/${readdirSync(dir).find((f) => f.endsWith('.sqlite') || f.endsWith('.db'))}`)
for (const n of [100, 500]) {
  const items = dex.entries.slice(50, 50 + n).map((e) => `entry/${e}`)
  console.log(
    'after analyze',
    n,
    JSON.stringify(
      db2
        .prepare(
          `explain query plan select item from feed_items where feed_id = ? and item in (${items.map(() => '?').join(',')})`,
        )
        .all(feed, ...items),
    ),
  )
}
