import { AUDIENCES } from '@biologidex/core/entries/project'
import { projectAnimal } from '@biologidex/server/slices/animals/animals.feed'
import type { FeedWitness } from '../witness.ts'
import { projected } from './projected.ts'
import type { Rows } from './rows.ts'

/** What the catalogue is to hold: what is verified, and what somebody shows to all. */
function catalogue(rows: Rows, all: readonly Rows[]): Map<string, object> {
  const seen = all.flatMap((one) => [...projected(one, 'public').values()])
  const shown = new Set(seen.map((item) => (item as { animal?: string }).animal))
  const items = new Map<string, object>()
  for (const row of rows.animals.values()) {
    const item = projectAnimal(row, shown.has(row.id))
    if (item) items.set(`animal/${row.id}`, item)
  }
  return items
}

function* compare(what: string, is: ReadonlyMap<string, string>, meant: ReadonlyMap<string, object>): Iterable<string> {
  for (const key of new Set([...is.keys(), ...meant.keys()])) {
    const item = meant.get(key)
    const text = item && JSON.stringify(item)
    if (is.get(key) !== text) yield `${what}: ${key} is ${is.get(key) ?? 'not there'}, its rows say ${text ?? 'nothing'}`
  }
}

type Feed = Rows['feeds'][number]

function* checkFeed(rows: Rows, { id, kind, head, live }: Feed, witness: FeedWitness, meant: ReadonlyMap<string, object>) {
  const items = rows.items.filter((item) => item.feed_id === id)
  const held = new Map(items.flatMap(({ item, payload }) => (payload === null ? [] : [[item, payload] as const])))
  yield* compare(`the ${kind} feed`, held, meant)
  yield* compare(`the ${kind} feed, followed`, witness.followed(id), meant)
  if (held.size !== live) yield `the ${kind} feed counts ${live} items and holds ${held.size}`
  if ((items.at(-1)?.seq ?? 0) !== head) yield `the ${kind} feed says that it ends at ${head}, not ${items.at(-1)?.seq ?? 0}`
  const times = items.map(({ changed_at: at }) => at)
  if (times.some((at, index) => index > 0 && at < (times[index - 1] ?? 0))) yield `the times of the ${kind} feed go back`
}

/** Each feed of an account, read from its beginning or followed all the time, holds what a projection of all rows gives now (check 5). */
export function* checkFeeds(rows: Rows, witness: FeedWitness): Iterable<string> {
  for (const audience of AUDIENCES) {
    const meant = projected(rows, audience)
    for (const feed of rows.feeds) if (feed.kind === audience) yield* checkFeed(rows, feed, witness, meant)
  }
}

/** So does the catalogue. @param all the rows of every account */
export function* checkCatalogue(rows: Rows, witness: FeedWitness, all: readonly Rows[]): Iterable<string> {
  const meant = catalogue(rows, all)
  for (const feed of rows.feeds) if (feed.kind === 'catalogue') yield* checkFeed(rows, feed, witness, meant)
}
