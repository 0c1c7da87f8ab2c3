import type { V1Friend, V1Friendship } from '@biologidex/core/v1/shapes'
import { eachDatabase } from '@biologidex/test-kit/databases'
import { startTestServer, type TestServer } from '@biologidex/test-kit/test-server'
import { V1Client } from '@biologidex/test-kit/v1-client'
import { TodaysDevice } from '@biologidex/test-kit/v1-rig'
import { afterAll, beforeAll, expect, test } from 'vitest'

interface Requests {
  readonly count: number
  readonly requests: V1Friendship[]
}

eachDatabase((_name, databases) => {
  let server: TestServer
  let people = 0

  beforeAll(async () => {
    server = await startTestServer(await databases.settings(), { RATE_PEOPLE_BURST: '1000' })
  })
  afterAll(() => server.close())

  const person = () => {
    people += 1
    return V1Client.signUp(server.url, `person-${people}`)
  }
  const SOCIAL = 'social/friendships/'
  const ask = (from: V1Client, json: Record<string, unknown>) =>
    from.call<V1Friendship>('POST', `${SOCIAL}send_request/`, { json })
  const respond = (from: V1Client, id: string, action: string) =>
    from.call<V1Friendship>('POST', `${SOCIAL}${id}/respond/`, { json: { action } })
  const requests = async (from: V1Client, which: 'pending' | 'sent') =>
    (await from.call<Requests>('GET', `${SOCIAL}${which}/`)).body
  const friends = async (from: V1Client) =>
    (await from.call<{ count: number; friends: V1Friend[] }>('GET', `${SOCIAL}friends/`)).body
  const check = (from: V1Client, id: string) => from.call('GET', `${SOCIAL}check/?user_id=${id}`)

  test('asked by code, accepted, and ended', async () => {
    const [theo, mara] = [await person(), await person()]
    const asked = await ask(mara, { friend_code: theo.user?.friend_code })
    expect(asked).toMatchObject({
      status: 201,
      body: { from_user: mara.id, to_user: theo.id, status: 'pending', to_user_details: { username: theo.username } },
    })
    expect((await requests(mara, 'sent')).requests).toEqual([asked.body])
    const { count, requests: pending } = await requests(theo, 'pending')
    expect([count, pending[0]]).toMatchObject([1, { from_user: mara.id, to_user: theo.id, status: 'pending' }])
    expect((await check(theo, mara.id)).body).toMatchObject({ is_friends: false, pending_request: true })
    await new TodaysDevice(server.ctx, theo.id).shown('Grus grus')
    expect(await respond(theo, pending[0]?.id ?? '', 'accept')).toMatchObject({ status: 200, body: { status: 'accepted' } })
    expect(await friends(mara)).toMatchObject({
      count: 1,
      friends: [
        { id: theo.id, username: theo.username, friend_code: theo.user?.friend_code, total_catches: 1, unique_species: 1 },
      ],
    })
    expect((await check(theo, mara.id)).body).toEqual({
      ...{ user_id: mara.id, username: mara.username, is_friends: true, pending_request: false },
    })
    expect((await mara.call('DELETE', `${SOCIAL}${theo.id}/unfriend/`)).status).toBe(204)
    expect(await friends(theo)).toEqual({ count: 0, friends: [] })
    expect((await mara.call('DELETE', `${SOCIAL}${theo.id}/unfriend/`)).status).toBe(404)
  })

  test('who is rejected is not told; who asked, asks once', async () => {
    const [theo, mara] = [await person(), await person()]
    await ask(mara, { user_id: theo.id })
    expect((await ask(mara, { user_id: theo.id })).status).toBe(201)
    expect((await requests(theo, 'pending')).count).toBe(1)
    expect(await respond(theo, mara.id, 'reject')).toMatchObject({ status: 200, body: { status: 'rejected' } })
    expect((await requests(theo, 'pending')).count).toBe(0)
    expect((await requests(mara, 'sent')).requests).toMatchObject([{ status: 'pending' }])
    expect((await respond(theo, mara.id, 'accept')).status).toBe(404)
  })

  test('a block wins over everything, and is as if nobody were there', async () => {
    const [theo, mara] = [await person(), await person()]
    const device = new TodaysDevice(server.ctx, theo.id)
    await device.push([device.change('block', mara.id, 'create')])
    const nobody = '00000000-0000-4000-8000-000000000000'
    const [blocked, unknown] = [await ask(mara, { user_id: theo.id }), await ask(mara, { user_id: nobody })]
    expect([blocked.status, blocked.body]).toEqual([404, unknown.body])
    const [seen, unseen] = [await check(mara, theo.id), await check(mara, nobody)]
    expect([seen.status, seen.body]).toEqual([404, unseen.body])
    expect(await friends(mara)).toEqual({ count: 0, friends: [] })
  })

  test('who is blocked for a request is answered as if nobody had seen it, and sees nothing newer of whom they asked', async () => {
    const [theo, vera, mara] = [await person(), await person(), await person()]
    for (const { id } of [theo, vera]) await ask(mara, { user_id: id })
    const before = await requests(mara, 'sent')
    expect(before.requests.map(({ to_user_details: { username } }) => username)).toEqual([theo.username, vera.username])
    expect(await respond(theo, mara.id, 'block')).toMatchObject({ status: 200, body: { status: 'blocked' } })
    const avatar = JSON.stringify({ sha256: 'c'.repeat(64), size: 5 })
    await server.ctx.db.write(({ q }) =>
      q.updateTable('accounts').set({ avatar }).where('id', 'in', [theo.id, vera.id]).execute(),
    )
    expect(await requests(mara, 'sent')).toEqual(before)
    for (const [at, other] of [theo, vera].entries()) {
      const again = { status: 201, body: before.requests[at] }
      expect(await ask(mara, { user_id: other.id })).toMatchObject(again)
      expect(await ask(mara, { friend_code: other.user?.friend_code })).toMatchObject(again)
      const asked = { user_id: other.id, username: other.username, is_friends: false, pending_request: true }
      expect(await check(mara, other.id)).toMatchObject({ status: 200, body: asked })
    }
    expect((await requests(theo, 'pending')).count).toBe(0)
    for (const { id } of [theo, vera]) expect((await mara.call('DELETE', `${SOCIAL}${id}/unfriend/`)).status).toBe(204)
    expect(await requests(mara, 'sent')).toEqual({ count: 0, requests: [] })
  })

  test('what makes no sense is refused', async () => {
    const theo = await person()
    expect((await ask(theo, {})).status).toBe(400)
    expect((await ask(theo, { friend_code: 'ZZZZZZZZ', user_id: theo.id })).status).toBe(400)
    expect((await ask(theo, { user_id: theo.id })).status).toBe(400)
    expect((await ask(theo, { friend_code: 'ZZZZZZZZ' })).status).toBe(404)
    expect((await respond(theo, theo.id, 'accept')).status).toBe(404)
    expect((await respond(theo, theo.id, 'embrace')).status).toBe(400)
    expect((await check(theo, 'garbage')).status).toBe(404)
  })
})
