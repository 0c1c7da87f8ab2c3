import { join } from 'node:path'
import type { AccountState, LocalStore } from '../ports.ts'
import type { InstantSealer } from './node-sealer.ts'
import { applyAccount, loadFrom, readDevice } from './sqlite-account.ts'
import { applyFeed, dropFeed, feedRows, marksOf, overOf, readerOf } from './sqlite-feeds.ts'
import { SqliteFile } from './sqlite-file.ts'
import { rowsWith } from './sqlite-rows.ts'

/**
 * A LocalStore on SQLite: one file per account in the folder `dir`. Account writes are synced to disk (O1, O8); feeds survive a crash
 * of the program, and what a power cut takes of them is fetched again, since a feed's cursor goes with its content. With a sealer,
 * the outbox, what waits to go up and all content of dexes but the keys of items lie sealed; plain rows are still read.
 */
export function sqliteStore(dir: string, account: string, sealer?: InstantSealer): LocalStore {
  const file = new SqliteFile(join(dir, `${encodeURIComponent(account)}.sqlite`))
  const rows = rowsWith(sealer)
  let loaded: { readonly version: string; readonly state: AccountState } | undefined
  // An engine that starts asks several times, and what is sealed takes its time to open.
  const load = (): AccountState => {
    const version = file.version()
    if (loaded?.version !== version) loaded = { version, state: loadFrom(file, rows) }
    return loaded.state
  }
  return {
    load: async () => file.read(load),
    writeAccount: async (change) => file.write(true, () => applyAccount(file, change, rows)),
    updateAccount: async (plan) => file.write(true, () => applyAccount(file, plan(readDevice(file)), rows)),
    writeFeeds: async (changes) => {
      file.write(false, () => {
        for (const change of changes) applyFeed(file, change, feedRows(change.state.feed, sealer))
      })
      if (changes.some((change) => change.dropOthers || change.pages || change.anew)) file.scrub()
    },
    readFeed: async (feed, generation) => readerOf(file, feed, generation, feedRows(feed, sealer)),
    readOver: async (feed, generation) => file.read(() => overOf(file, feed, generation, feedRows(feed, sealer))),
    readMarks: async (feed) => file.read(() => marksOf(file, feed, feedRows(feed, sealer))),
    dropFeed: async (feed) => {
      file.write(false, () => dropFeed(file, feed))
      file.scrub()
    },
    wipe: async () => file.wipe(),
    close: async () => file.close(),
  }
}
