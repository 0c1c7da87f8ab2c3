import { randomUUID } from 'node:crypto'
import { anyDatabase } from '@biologidex/test-kit/databases'
import { headOf, newDevice, syncContext, TestDevice } from '@biologidex/test-kit/dex'
import { expect, test } from 'vitest'

anyDatabase((databases) => {
  /** Two programs on one data folder, as a server and the command line beside it, and a device of one account at each. */
  async function twoPrograms() {
    const settings = await databases.settings()
    const [server, other] = [await databases.open(settings), await databases.open(settings)]
    const here = await newDevice(await syncContext(server))
    return { here, there: new TestDevice(await syncContext(other), here.account) }
  }
  const nextTurn = () => new Promise(setImmediate)
  const note = (device: TestDevice) => device.push([device.change('entry', randomUUID(), 'create', { note: { to: 'x' } })])

  test('what another program commits is seen from the next turn of the event loop on, and what this one does at once', async () => {
    const { here, there } = await twoPrograms()
    const first = await headOf(here.ctx, here.account, 'owner')
    for (const [turn, writer] of [there, here, there, there].entries()) {
      await note(writer)
      if (writer === there) await nextTurn()
      expect(await headOf(here.ctx, here.account, 'owner')).toBe(first + turn + 1)
    }
  })

  test('a session that another program ended opens nothing any more', async () => {
    const { here, there } = await twoPrograms()
    const session = { id: randomUUID(), account_id: here.account, token_hash: 'known', kind: 'cookie', device_name: 'phone' }
    await here.ctx.db.write((tx) =>
      tx.q
        .insertInto('sessions')
        .values({ ...session, created_at: 1, last_seen_at: 1 })
        .execute(),
    )
    expect(await here.ctx.db.hot.session('known')).toMatchObject({ account: here.account })
    await there.ctx.db.write((tx) => tx.q.deleteFrom('sessions').where('id', '=', session.id).execute())
    await nextTurn()
    expect(await here.ctx.db.hot.session('known')).toBeUndefined()
  })
})
