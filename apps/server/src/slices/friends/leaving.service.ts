import { breathe } from '../../breathe.ts'
import type { Context } from '../../context.ts'
import type { Tx } from '../../db/db.ts'
import { FeedWriter } from '../sync/feed-writer.ts'
import type { Nudges } from '../sync/nudges.ts'
import { withdrawBlock, withdrawFriend } from './friends.feed.ts'
import { dropBlock, dropStanding, othersOf } from './friends.store.ts'

/** Others in one transaction: few enough that nobody waits long. */
const BATCH = 20

async function forget(tx: Tx, nudges: Nudges, account: string, other: string): Promise<void> {
  const stands = await tx.lockOwner(other)
  for (const [one, two] of [[account, other] as const, [other, account] as const]) {
    await dropStanding(tx, one, two)
    await dropBlock(tx, one, two)
  }
  if (!stands) return
  const feeds = await FeedWriter.open(tx, nudges, other)
  withdrawFriend(feeds, account)
  withdrawBlock(feeds, account)
  await feeds.flush()
}

/** Takes a deleted account out of everybody's friendships, requests and blocks. Run again, it comes to the same end. */
export async function forgetEverybody({ db, nudges }: Pick<Context, 'db' | 'nudges'>, account: string): Promise<void> {
  for (;;) {
    const others = (await othersOf(db.read, account)).toSorted().slice(0, BATCH)
    if (others.length === 0) return
    await db.write(async (tx) => {
      for (const other of others) await forget(tx, nudges, account, other)
    })
    await breathe()
  }
}
