import { randomUUID } from 'node:crypto'
import type { FriendItem } from '@biologidex/core/friends/friend'
import { accountFeed, dexFeed } from '@biologidex/core/sync/wire'
import { eachDatabase } from '@biologidex/test-kit/databases'
import { fold, headOf, newDevice, type Pulled, readyPicture, syncContext, TestDevice } from '@biologidex/test-kit/dex'
import { describe, expect, test, vi } from 'vitest'
import type { Context } from '../../context.ts'
import { digestOf } from '../../db/digest.ts'
import { closeFeeds, openFeeds } from '../sync/closing.service.ts'
import { Following } from '../sync/following.ts'
import { readable } from '../sync/sync.service.ts'
import { findByCode } from './friends.service.ts'

/** As the database joins it, which must be as it is made of heads. */
async function digestNow({ db: { hot } }: Pick<Context, 'db'>, account: string): Promise<string> {
  const digest = await hot.followedDigest(account)
  expect(digest).toBe(digestOf(await hot.followed(account)))
  return digest
}

eachDatabase((_name, databases) => {
  async function world() {
    const ctx = await syncContext(await databases.open())
    const [mara, theo] = [await newDevice(ctx), await newDevice(ctx)]
    return { ctx, mara, theo }
  }
  type World = Awaited<ReturnType<typeof world>>

  async function codeOf({ ctx }: Pick<World, 'ctx'>, device: TestDevice): Promise<string> {
    const row = await ctx.db.read
      .selectFrom('accounts')
      .select('friend_code')
      .where('id', '=', device.account)
      .executeTakeFirstOrThrow()
    return row.friend_code
  }
  const standing = async (device: TestDevice): Promise<Record<string, FriendItem['state']>> => {
    const items = fold(new Map(), await device.pull(), accountFeed(device.account)).values() as Iterable<FriendItem>
    return Object.fromEntries([...items].map((item) => [`${item.type} ${item.id}`, item.state]))
  }
  const cursorsOf = ({ chunks }: Pulled) => Object.fromEntries(chunks.map(({ chunk }) => [chunk.feed, chunk.cursor]))
  const ask = async (w: World, from: TestDevice, to: TestDevice) =>
    from.push([from.change('friend', randomUUID(), 'create', { code: { to: await codeOf(w, to) } })])
  const accept = (from: TestDevice, whom: TestDevice) =>
    from.push([from.change('friend', whom.account, 'update', { state: { to: 'friends' } })])
  const part = (from: TestDevice, whom: TestDevice) => from.push([from.change('friend', whom.account, 'delete')])
  const block = (from: TestDevice, whom: TestDevice) => from.push([from.change('block', whom.account, 'create')])
  const rename = ({ ctx }: Pick<World, 'ctx'>, { account }: TestDevice, display_name: string) =>
    ctx.db.write((tx) => tx.q.updateTable('accounts').set({ display_name }).where('id', '=', account).execute())
  async function befriend(w: World): Promise<void> {
    await ask(w, w.mara, w.theo)
    await accept(w.theo, w.mara)
  }
  async function shownEntry(device: TestDevice, visibility: string): Promise<string> {
    const id = randomUUID()
    const animal = { to: { scientificName: 'Ardea cinerea' } }
    await device.push([device.change('entry', id, 'create', { animal, visibility: { to: visibility } })])
    await readyPicture(device, id)
    return id
  }
  const follows = async (device: TestDevice, whom: TestDevice): Promise<boolean> =>
    (await device.pull()).hello?.feeds.some(({ feed }) => feed === dexFeed(whom.account)) ?? false

  describe('friendships', () => {
    test('are asked for by code, accepted, and then bring the dex', async () => {
      const w = await world()
      const { ctx, mara, theo } = w
      const entry = await shownEntry(theo, 'friends')
      expect(await ask(w, mara, theo)).toMatchObject([{ status: 'done' }])
      expect(await standing(mara)).toEqual({ [`friend ${theo.account}`]: 'asked' })
      expect(await standing(theo)).toEqual({ [`friend ${mara.account}`]: 'asks' })
      expect(await readable(ctx, mara.account, theo.account, `entry/${entry}`)).toBeUndefined()
      expect(await follows(mara, theo)).toBe(false)
      await accept(theo, mara)
      expect(await standing(mara)).toEqual({ [`friend ${theo.account}`]: 'friends' })
      const seen = fold(new Map(), await mara.pull(), dexFeed(theo.account))
      expect([...seen.keys()]).toEqual([`entry/${entry}`])
      expect(await readable(ctx, mara.account, theo.account, `entry/${entry}`)).toContain(entry)
    })

    test('both asking is both agreeing; asking again changes nothing', async () => {
      const w = await world()
      await ask(w, w.mara, w.theo)
      const head = await headOf(w.ctx, w.theo.account, 'account')
      await ask(w, w.mara, w.theo)
      expect(await headOf(w.ctx, w.theo.account, 'account')).toBe(head)
      await ask(w, w.theo, w.mara)
      expect(await standing(w.mara)).toEqual({ [`friend ${w.theo.account}`]: 'friends' })
    })

    test('a declined request is not told: nothing moves on the asker’s side, and the decliner may still say yes by asking', async () => {
      const w = await world()
      const { ctx, mara, theo } = w
      await ask(w, mara, theo)
      const head = await headOf(ctx, mara.account, 'account')
      await part(theo, mara)
      expect(await standing(theo)).toEqual({})
      expect(await standing(mara)).toEqual({ [`friend ${theo.account}`]: 'asked' })
      expect(await headOf(ctx, mara.account, 'account')).toBe(head)
      await ask(w, theo, mara)
      expect(await standing(mara)).toEqual({ [`friend ${theo.account}`]: 'friends' })
    })

    test('a withdrawn request can’t be accepted', async () => {
      const w = await world()
      await ask(w, w.mara, w.theo)
      await part(w.mara, w.theo)
      expect(await standing(w.theo)).toEqual({})
      expect(await accept(w.theo, w.mara)).toMatchObject([{ status: 'rejected', code: 'missing_target' }])
    })

    test('a request by code is taken back by its code, before anybody knew whom it was for, and nothing older is', async () => {
      const w = await world()
      const byCode = async (whom: TestDevice) => ({ code: { to: await codeOf(w, whom) } })
      const takenBack = async (from: TestDevice, whom: TestDevice) => {
        const [id, set] = [randomUUID(), await byCode(whom)]
        return from.push([from.change('friend', id, 'create', set), from.change('friend', id, 'delete', set)])
      }
      expect(await takenBack(w.mara, w.theo)).toMatchObject([{ status: 'done' }, { status: 'done' }])
      expect([await standing(w.mara), await standing(w.theo)]).toEqual([{}, {}])
      // To ask who asks already is to say yes: that is taken back with it.
      await ask(w, w.theo, w.mara)
      await takenBack(w.mara, w.theo)
      expect([await standing(w.mara), await standing(w.theo)]).toEqual([{}, {}])
      await befriend(w)
      await takenBack(w.mara, w.theo)
      expect(await follows(w.mara, w.theo)).toBe(true)
      // A code that nobody has answers like one of somebody who is nothing to us.
      const nobody = w.mara.change('friend', randomUUID(), 'delete', { code: { to: '22222222' } })
      expect(await w.mara.push([nobody])).toMatchObject([{ status: 'done' }])
    })

    test('a request by code that made friends is taken back a push later, however it came to that', async () => {
      const w = await world()
      const set = { code: { to: await codeOf(w, w.theo) } }
      const create = async () => {
        const id = randomUUID()
        await w.mara.push([w.mara.change('friend', id, 'create', set)])
        return id
      }
      const takeBack = (id: string) => w.mara.push([w.mara.change('friend', id, 'delete', set)])
      const ends = async () => [await standing(w.mara), await standing(w.theo)]
      // They had asked already, so that it made friends of both while it was in flight.
      await ask(w, w.theo, w.mara)
      const first = await create()
      expect(await follows(w.mara, w.theo)).toBe(true)
      expect(await takeBack(first)).toMatchObject([{ status: 'done' }])
      expect(await ends()).toEqual([{}, {}])
      // They said yes to it meanwhile.
      const second = await create()
      await accept(w.theo, w.mara)
      await takeBack(second)
      expect(await ends()).toEqual([{}, {}])
      // They asked while it was in flight.
      const third = await create()
      await ask(w, w.theo, w.mara)
      expect(await follows(w.mara, w.theo)).toBe(true)
      await takeBack(third)
      expect(await ends()).toEqual([{}, {}])
      // Nobody knew of it yet.
      await takeBack(await create())
      expect(await ends()).toEqual([{}, {}])
      // A request that found a friend changes nothing, nor does taking it back; nor one of long ago, or theirs.
      await ask(w, w.mara, w.theo)
      await accept(w.theo, w.mara)
      await takeBack(await create())
      for (const id of [first, second, third]) await takeBack(id)
      expect(await follows(w.mara, w.theo)).toBe(true)
    })

    test('ending one takes the dex away from both at their next contact (P5)', async () => {
      const w = await world()
      const { ctx, mara, theo } = w
      const entry = await shownEntry(theo, 'friends')
      await befriend(w)
      const before = await mara.pull()
      expect(before.hello?.feeds.map(({ feed }) => feed)).toContain(dexFeed(theo.account))
      await part(theo, mara)
      expect(await readable(ctx, mara.account, theo.account, `entry/${entry}`)).toBeUndefined()
      const after = await mara.pull(cursorsOf(before))
      expect(after.hello?.feeds).toContainEqual({ feed: dexFeed(theo.account), mode: 'gone', total: 0 })
      expect(await standing(mara)).toEqual({})
    })

    test('an answer under way ends when the right to it goes (P7)', async () => {
      const w = await world()
      await befriend(w)
      await shownEntry(w.theo, 'friends')
      const cut = w.mara.pull(
        {},
        {
          between: async () => {
            await part(w.theo, w.mara)
          },
        },
      )
      await expect(cut).rejects.toThrow()
    })
  })

  describe('what is followed', () => {
    test('the digest moves with friendships and with what friends show, not with what they hide (P1, F6)', async () => {
      const w = await world()
      const { ctx, mara, theo } = w
      const digest = () => digestNow(ctx, mara.account)
      const seen = [await digest()]
      const moves = async (does: boolean, act: () => Promise<unknown>) => {
        await act()
        const now = await digest()
        expect(now !== seen.at(-1)).toBe(does)
        seen.push(now)
      }
      await moves(false, () => shownEntry(theo, 'private'))
      await moves(true, () => ask(w, mara, theo))
      await moves(true, () => accept(theo, mara))
      await moves(true, () => shownEntry(theo, 'friends'))
      await moves(false, () => shownEntry(theo, 'private'))
      await moves(true, () => part(theo, mara))
      await moves(false, () => shownEntry(theo, 'friends'))
    })

    test('a closed feed moves the digest: who was told to come later does come (W3)', async () => {
      const w = await world()
      await befriend(w)
      const { ctx, mara, theo } = w
      const digest = () => digestNow(ctx, mara.account)
      const before = await digest()
      await ctx.db.write((tx) => closeFeeds(tx, theo.account, ['friends'], 'a job'))
      expect(await digest()).not.toBe(before)
      const later = await mara.pull()
      expect(later.hello?.feeds).toContainEqual({ feed: dexFeed(theo.account), mode: 'later', total: 0 })
      await ctx.db.write((tx) => openFeeds(tx, ctx.nudges, theo.account, 'a job'))
      expect(await digest()).toBe(before)
    })

    test('a stream hears of feeds that come to be followed, and of the loss of one (N1)', async () => {
      const w = await world()
      const { ctx, mara, theo } = w
      const heard: string[] = []
      const following = new Following(ctx, mara.account, {
        moved: (feed) => heard.push(feed),
        lost: () => heard.push('lost'),
      })
      await following.start()
      const settled = (word: string) => vi.waitFor(() => expect(heard).toContain(word))
      await shownEntry(theo, 'friends')
      expect(heard).toEqual([])
      await befriend(w)
      await settled(dexFeed(theo.account))
      heard.length = 0
      await shownEntry(theo, 'friends')
      await settled(dexFeed(theo.account))
      await block(theo, mara)
      await settled('lost')
      heard.length = 0
      await shownEntry(theo, 'friends')
      following.stop()
      expect(heard).toEqual([])
    })
  })

  describe('blocking', () => {
    test('ends a friendship as unfriending would, and is not told', async () => {
      const w = await world()
      const { ctx, mara, theo } = w
      await shownEntry(theo, 'public')
      await befriend(w)
      await block(theo, mara)
      expect(await standing(mara)).toEqual({})
      expect(await standing(theo)).toEqual({ [`block ${mara.account}`]: undefined })
      await expect(findByCode(ctx, mara.account, await codeOf(w, theo))).rejects.toMatchObject({ code: 'not_found' })
    })

    test('leaves a request of the blocked as it is, and moves nothing of theirs', async () => {
      const w = await world()
      await ask(w, w.mara, w.theo)
      const head = await headOf(w.ctx, w.mara.account, 'account')
      await block(w.theo, w.mara)
      expect(await headOf(w.ctx, w.mara.account, 'account')).toBe(head)
    })

    test('is not told to whose request waits when they ask again', async () => {
      const w = await world()
      const unseen = await newDevice(w.ctx)
      for (const whom of [w.theo, unseen]) await ask(w, w.mara, whom)
      await block(w.theo, w.mara)
      const before = await standing(w.mara)
      const answers = []
      for (const whom of [w.theo, unseen]) {
        answers.push(await ask(w, w.mara, whom))
        answers.push(await w.mara.push([w.mara.change('friend', whom.account, 'create')]))
      }
      const seq = await headOf(w.ctx, w.mara.account, 'account')
      expect(answers.flat().map((answer) => ({ ...answer, n: 0 }))).toEqual(
        Array.from({ length: 4 }, () => ({ n: 0, status: 'done', seq })),
      )
      expect(await standing(w.mara)).toEqual(before)
      expect(await standing(w.theo)).toEqual({ [`block ${w.mara.account}`]: undefined })
    })

    test('makes a dex as if it did not exist: asking answers like an unknown code', async () => {
      const w = await world()
      const entry = await shownEntry(w.theo, 'public')
      expect(await readable(w.ctx, w.mara.account, w.theo.account, `entry/${entry}`)).toContain(entry)
      await block(w.theo, w.mara)
      expect(await readable(w.ctx, w.mara.account, w.theo.account, `entry/${entry}`)).toBeUndefined()
      const [blocked] = await ask(w, w.mara, w.theo)
      const unknown = { code: { to: '22222222' } }
      const [nobody] = await w.mara.push([w.mara.change('friend', randomUUID(), 'create', unknown)])
      expect({ ...blocked, n: 0 }).toEqual({ ...nobody, n: 0 })
    })

    test('makes its owner as if they did not exist: blocking them back answers like nobody, and tells no name', async () => {
      const w = await world()
      await befriend(w)
      await block(w.theo, w.mara)
      await rename(w, w.theo, 'a new name')
      const [theirs] = await block(w.mara, w.theo)
      const [nobody] = await w.mara.push([w.mara.change('block', randomUUID(), 'create')])
      expect({ ...theirs, n: 0 }).toEqual({ ...nobody, n: 0 })
      expect(await standing(w.mara)).toEqual({})
    })

    test('does not keep whose request waits from blocking them, by the name that they know', async () => {
      const w = await world()
      await ask(w, w.mara, w.theo)
      await block(w.theo, w.mara)
      await rename(w, w.theo, 'a new name')
      for (const again of [1, 2]) {
        expect(await block(w.mara, w.theo), `${again}`).toMatchObject([{ status: 'done' }])
        const pulled = await w.mara.pull()
        expect(await standing(w.mara)).toEqual({ [`block ${w.theo.account}`]: undefined })
        expect(JSON.stringify([...fold(new Map(), pulled, accountFeed(w.mara.account)).values()])).not.toContain('a new name')
      }
    })

    test('is undone by unblocking, which brings no friendship back', async () => {
      const w = await world()
      await befriend(w)
      await block(w.theo, w.mara)
      expect(await ask(w, w.theo, w.mara)).toMatchObject([{ status: 'rejected' }])
      await w.theo.push([w.theo.change('block', w.mara.account, 'delete')])
      expect(await standing(w.theo)).toEqual({})
      await befriend(w)
      expect(await standing(w.mara)).toEqual({ [`friend ${w.theo.account}`]: 'friends' })
    })
  })

  test('refused: oneself, nobody, no code, an unknown way', async () => {
    const w = await world()
    const { mara, theo } = w
    const results = await mara.push([
      mara.change('friend', randomUUID(), 'create', { code: { to: await codeOf(w, mara) } }),
      mara.change('friend', randomUUID(), 'create', { code: { to: 'none' } }),
      mara.change('friend', randomUUID(), 'create'),
      mara.change('friend', theo.account, 'update', { state: { to: 'lovers' } }),
      mara.change('friend', theo.account, 'restore'),
      mara.change('block', mara.account, 'create'),
      mara.change('friend', theo.account, 'delete'),
    ])
    expect(results.map(({ status, code }) => [status, code])).toEqual([
      ['rejected', 'missing_target'],
      ['rejected', 'invalid_mutation'],
      ['rejected', 'missing_target'],
      ['rejected', 'invalid_mutation'],
      ['rejected', 'invalid_mutation'],
      ['rejected', 'missing_target'],
      ['done', undefined],
    ])
  })

  test('two who change their friendship at the same moment come to one state, without a deadlock', async () => {
    const w = await world()
    const { mara, theo } = w
    const laptop = new TestDevice(w.ctx, theo.account)
    for (let turn = 0; turn < 8; turn += 1) {
      await Promise.all([ask(w, mara, theo), ask(w, theo, mara), part(laptop, mara)])
      const [ours, theirs] = [await standing(mara), await standing(theo)]
      const pair = [ours[`friend ${theo.account}`], theirs[`friend ${mara.account}`]].join()
      expect(['friends,friends', 'asked,asks', 'asks,asked', 'asked,', ',asked', ',']).toContain(pair)
      await part(mara, theo)
      await part(theo, mara)
    }
  })
})
