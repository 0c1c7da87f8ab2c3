import { CATALOGUE } from '@biologidex/core/sync/wire'
import type { FeedState, FeedWrite, LocalStore, Sealer } from '../ports.ts'
import { namesIn } from './hidden-names.ts'
import { translated } from './indexeddb-access.ts'
import { readAccount, updateAccount, writeAccount } from './indexeddb-account.ts'
import { Databases } from './indexeddb-databases.ts'
import { NO_CONTENT, readContent, readMarks, readOver, readState, writeFeed } from './indexeddb-feed.ts'
import { isHidden } from './whose-place.ts'

/** Names of an account's own database. What was kept before there was sealing lies under the plain one. */
export const storeName = (place: string, sealed: boolean): string => `biologidex${sealed ? '-sealed' : ''}/${place}`

async function readStates(databases: Databases, sealer: Sealer | undefined): Promise<FeedState[]> {
  const states = await databases.withAll((db, called) => readState(db, called, sealer))
  return states.filter((state) => state !== undefined)
}

/** The writes of each feed, in their order. */
function byFeed(changes: readonly FeedWrite[]): Map<string, FeedWrite[]> {
  const feeds = new Map<string, FeedWrite[]>()
  for (const change of changes) {
    const { feed } = change.state
    feeds.set(feed, [...(feeds.get(feed) ?? []), change])
  }
  return feeds
}

/** Lets work that awaits something between its transactions happen in the order in which it was asked for. */
function inTurn(): <Result>(work: () => Promise<Result>) => Promise<Result> {
  let last: Promise<unknown> = Promise.resolve()
  return (work) => {
    const turn = last.then(work).catch((error: unknown) => {
      throw translated(error)
    })
    last = turn.catch(() => undefined)
    return turn
  }
}

/**
 * A LocalStore on IndexedDB: a database for the account's own records, written with strict durability (O1), and one for each feed,
 * which a deletion removes from the browser's profile for good (C1). With a sealer, the outbox, what waits to go up and all content
 * of dexes lie sealed; the catalogue is everybody's and stays as it is. In a hidden place the names of feeds, which say whose they are, do
 * not lie there in plain either.
 */
export function indexedDbStore(place: string, sealer?: Sealer): LocalStore {
  const called = namesIn(place)
  const databases = new Databases(storeName(place, sealer !== undefined), called)
  const sealing = { sealer, ...(sealer && isHidden(place) ? { hide: called } : {}) }
  const own = inTurn()
  const turns = new Map<string, ReturnType<typeof inTurn>>()
  const turnOf = (feed: string): ReturnType<typeof inTurn> => {
    const turn = turns.get(feed) ?? inTurn()
    turns.set(feed, turn)
    return turn
  }
  const sealerOf = (feed: string): Sealer | undefined => (feed === CATALOGUE ? undefined : sealer)
  const writeAll = async (changes: readonly FeedWrite[]): Promise<void> => {
    const writing = [...byFeed(changes)].map(([feed, its]) =>
      turnOf(feed)(() =>
        databases.withFeed(feed, true, (db, name) => writeFeed(db, its, sealerOf(feed), isHidden(place) ? name : undefined)),
      ),
    )
    for (const result of await Promise.allSettled(writing)) if (result.status === 'rejected') throw result.reason
  }
  const readFeed = async (feed: string, generation: number) =>
    (await databases.withFeed(feed, false, (db) => readContent(db, feed, generation, sealerOf(feed)))) ?? NO_CONTENT
  return {
    load: () =>
      own(async () => {
        const [records, states] = await Promise.all([readAccount(databases, sealing), readStates(databases, sealer)])
        return { ...records, feeds: states }
      }),
    writeAccount: (change) => own(() => writeAccount(databases, change, sealing)),
    updateAccount: (plan) => own(() => updateAccount(databases, plan, sealing)),
    writeFeeds: writeAll,
    readFeed: (feed, generation) => turnOf(feed)(() => readFeed(feed, generation)),
    readOver: (feed, generation) =>
      turnOf(feed)(
        async () =>
          (await databases.withFeed(feed, false, (db) => readOver(db, feed, generation, sealerOf(feed)))) ?? NO_CONTENT.over,
      ),
    readMarks: (feed) => turnOf(feed)(() => databases.withFeed(feed, false, (db) => readMarks(db, feed, sealerOf(feed)))),
    dropFeed: (feed) => turnOf(feed)(() => databases.drop(feed)),
    wipe: () => databases.wipe(),
    close: async () => databases.close(),
  }
}
