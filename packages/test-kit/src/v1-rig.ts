import { randomUUID } from 'node:crypto'
import type { Context } from '@biologidex/server/context'
import { readyPicture, TestDevice } from './dex.ts'

/** Makes everything that was written so far an hour older (or `ms`): old clients read by time, and look back some way. */
export async function age({ db }: Pick<Context, 'db'>, ms = 3_600_000): Promise<void> {
  await db.write(async ({ q }) => {
    await q
      .updateTable('feed_items')
      .set((eb) => ({ changed_at: eb('changed_at', '-', ms) }))
      .execute()
    await q
      .updateTable('feeds')
      .set((eb) => ({
        changed_at: eb('changed_at', '-', ms),
        pictured_at: eb('pictured_at', '-', ms),
        epoch_at: eb('epoch_at', '-', ms),
      }))
      .execute()
    await q
      .updateTable('friendships')
      .set((eb) => ({ since: eb('since', '-', ms) }))
      .execute()
    await q
      .updateTable('v1_pictures')
      .set((eb) => ({ made_at: eb('made_at', '-', ms) }))
      .execute()
    await q
      .updateTable('animals')
      .set((eb) => ({ named_at: eb('named_at', '-', ms) }))
      .execute()
  })
}

/** Today's client of the same account, speaking to the services. */
export class TodaysDevice extends TestDevice {
  /** Makes an entry that others may see where its visibility lets them; its picture has no bytes. */
  async shown(scientificName: string, visibility = 'friends'): Promise<string> {
    const id = randomUUID()
    const set = { animal: { to: { scientificName } }, visibility: { to: visibility } }
    await this.push([this.change('entry', id, 'create', set)])
    await readyPicture(this, id)
    return id
  }

  /** Makes entries of the owner's alone, one of each name. */
  async private(names: readonly string[]): Promise<void> {
    for (let at = 0; at < names.length; at += 500) {
      const some = names.slice(at, at + 500)
      await this.push(
        some.map((scientificName) => {
          const set = { animal: { to: { scientificName } }, visibility: { to: 'private' } }
          return this.change('entry', randomUUID(), 'create', set)
        }),
      )
    }
  }

  async befriend(other: TestDevice): Promise<void> {
    await this.push([this.change('friend', other.account, 'create')])
    await other.push([other.change('friend', this.account, 'update', { state: { to: 'friends' } })])
  }
}
