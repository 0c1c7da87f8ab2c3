import { randomUUID } from 'node:crypto'
import type { FriendItem, FriendState } from '@biologidex/core/friends/friend'
import { accountFeed } from '@biologidex/core/sync/wire'
import { eachDatabase } from '@biologidex/test-kit/databases'
import { fold, TestDevice } from '@biologidex/test-kit/dex'
import { type Answer, PASSWORD, startTestServer, type TestServer } from '@biologidex/test-kit/test-server'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createAccount } from '../accounts/accounts.service.ts'
import { deleteAccount } from '../accounts/deletion.service.ts'
import { hashPassword } from '../accounts/passwords.ts'
import { openSession } from '../accounts/sessions.service.ts'

type Headers = Record<string, string>

eachDatabase((_name, databases) => {
  let server: TestServer
  let people = 0
  let passwordHash: string
  beforeAll(async () => {
    server = await startTestServer(await databases.settings(), { RATE_PEOPLE_BURST: '1000' })
    passwordHash = await hashPassword(PASSWORD)
    // The first account of a server is its admin.
    admin = await signUp('admin')
  })
  afterAll(() => server.close())

  interface Somebody {
    readonly device: TestDevice
    readonly id: string
    readonly headers: Headers
  }
  let admin: Somebody
  /** Without a password of its own: hashing takes long. */
  async function signUp(name: string, guardian?: Somebody): Promise<Somebody> {
    const { db, nudges } = server.ctx
    people += 1
    const person = { username: `${name}${people}`, ...(guardian ? ({ role: 'managed', guardian: guardian.id } as const) : {}) }
    const { id } = await db.write((tx) => createAccount(tx, nudges, person, guardian ? 'none' : passwordHash))
    const token = await db.write((tx) => openSession(tx, id, 'bearer', 'test'))
    return { device: new TestDevice(server.ctx, id), id, headers: { authorization: `Bearer ${token}` } }
  }
  const post = (path: string, { headers }: Pick<Somebody, 'headers'>, body: unknown): Promise<Answer> =>
    server.ask('POST', path, { headers, body })

  async function family() {
    const guardian = await signUp('mara')
    return { guardian, child: await signUp('kim', guardian), other: await signUp('theo') }
  }

  const ask = ({ device }: Somebody, { id }: Somebody) => device.push([device.change('friend', id, 'create')])
  const accept = ({ device }: Somebody, { id }: Somebody) =>
    device.push([device.change('friend', id, 'update', { state: { to: 'friends' } })])
  const end = ({ device }: Somebody, { id }: Somebody) => device.push([device.change('friend', id, 'delete')])
  const decide = (by: Somebody, { id: ward }: Somebody, { id: person }: Somebody, allow: boolean) =>
    post(`/api/v2/wards/${ward}/friends/${person}`, by, { allow })
  const waiting = async ({ headers }: Somebody): Promise<string[][]> => {
    const { json } = await server.ask('GET', '/api/v2/wards', { headers })
    return (json.wards as { waiting: { id: string }[] }[]).map((ward) => ward.waiting.map(({ id }) => id))
  }
  /** How each of two stands to the other, as their own feeds tell them. */
  async function between(one: Somebody, two: Somebody): Promise<(FriendState | undefined)[]> {
    const states: (FriendState | undefined)[] = []
    for (const [own, of] of [[one, two] as const, [two, one] as const]) {
      const items = fold(new Map(), await own.device.pull(), accountFeed(own.id))
      states.push((items.get(`friend/${of.id}`) as FriendItem | undefined)?.state)
    }
    return states
  }

  test('whom a managed account asks is asked when its guardian has said yes', async () => {
    const { guardian, child, other } = await family()
    expect(await ask(child, other)).toMatchObject([{ status: 'done' }])
    expect(await between(child, other)).toEqual(['held', undefined])
    expect(await waiting(guardian)).toEqual([[other.id]])
    expect((await decide(guardian, child, other, true)).status).toBe(200)
    expect(await between(child, other)).toEqual(['asked', 'asks'])
    expect(await waiting(guardian)).toEqual([[]])
    await accept(other, child)
    expect(await between(child, other)).toEqual(['friends', 'friends'])
  })

  test('whom a managed account accepts is a friend when its guardian has said yes', async () => {
    const { guardian, child, other } = await family()
    await ask(other, child)
    await accept(child, other)
    expect(await between(child, other)).toEqual(['held', 'asked'])
    // To be asked once more, or to ask, makes no friends either.
    await ask(other, child)
    await ask(child, other)
    expect(await between(child, other)).toEqual(['held', 'asked'])
    await decide(guardian, child, other, true)
    expect(await between(child, other)).toEqual(['friends', 'friends'])
    await end(child, other)
    expect(await between(child, other)).toEqual([undefined, undefined])
  })

  test('who is asked by a managed account, and asks too, waits for the guardian', async () => {
    const { guardian, child, other } = await family()
    await ask(child, other)
    await ask(other, child)
    expect(await between(child, other)).toEqual(['held', 'asked'])
    await decide(guardian, child, other, true)
    expect(await between(child, other)).toEqual(['friends', 'friends'])
  })

  test('a refusal is told to the managed account alone, and what it takes back waits no more', async () => {
    const { guardian, child, other } = await family()
    await ask(other, child)
    await accept(child, other)
    await decide(guardian, child, other, false)
    expect(await between(child, other)).toEqual([undefined, 'asked'])
    await ask(child, other)
    await end(child, other)
    expect(await waiting(guardian)).toEqual([[]])
    expect((await decide(guardian, child, other, true)).status).toBe(404)
    expect(await between(child, other)).toEqual([undefined, 'asked'])
  })

  test('who blocked a managed account is not asked, and nobody is told', async () => {
    const { guardian, child, other } = await family()
    await ask(child, other)
    await other.device.push([other.device.change('block', child.id, 'create')])
    const display_name = 'a new name'
    await server.ctx.db.write((tx) => tx.q.updateTable('accounts').set({ display_name }).where('id', '=', other.id).execute())
    expect(await between(child, other)).toEqual(['held', undefined])
    expect((await server.ask('GET', '/api/v2/wards', { headers: guardian.headers })).text).not.toContain(display_name)
    expect(await waiting(guardian)).toEqual([[other.id]])
    expect((await decide(guardian, child, other, true)).status).toBe(200)
    expect(await between(child, other)).toEqual(['asked', undefined])
    const told = fold(new Map(), await child.device.pull(), accountFeed(child.id))
    expect(JSON.stringify([...told.values()])).not.toContain(display_name)
  })

  test('nobody but the guardian decides; to others it is as if nothing waited', async () => {
    const { guardian, child, other } = await family()
    await ask(child, other)
    const missing = await decide(guardian, child, guardian, true)
    for (const by of [child, other, admin, await signUp('stranger')]) {
      const refused = await decide(by, child, other, true)
      expect([refused.status, refused.text]).toEqual([missing.status, missing.text])
      expect(await waiting(by)).toEqual([])
    }
    expect(await between(child, other)).toEqual(['held', undefined])
  })

  test('where the guardian left, admins decide', async () => {
    const { guardian, child, other } = await family()
    await ask(child, other)
    await deleteAccount(server.ctx, { account: guardian.id, session: 'none', device: 'test' }, PASSWORD)
    await server.ctx.jobs.idle()
    expect(await waiting(admin)).toEqual([[other.id]])
    expect((await decide(admin, child, other, true)).status).toBe(200)
    expect(await between(child, other)).toEqual(['asked', 'asks'])
  })

  test('nothing of a managed account becomes public, by no way', async () => {
    const { child } = await family()
    const { device } = child
    const refused = { status: 'rejected', code: 'managed_account' }
    const entry = randomUUID()
    expect(await device.push([device.change('entry', randomUUID(), 'create', { visibility: { to: 'public' } })])).toMatchObject(
      [refused],
    )
    await device.push([device.change('entry', entry, 'create', {})])
    const show = device.change('entry', entry, 'update', { visibility: { was: 'friends', to: 'public' } })
    expect(await device.push([show])).toMatchObject([refused])
    const setting = device.change('setting', child.id, 'update', { visibility: { was: 'friends', to: 'public' } })
    expect(await device.push([setting])).toMatchObject([refused])
    const { headers } = child
    const kept = server.ctx.db.read.selectFrom('entries').select(['visibility', 'public_id']).where('owner_id', '=', child.id)
    const { public_id: publicId } = await kept.executeTakeFirstOrThrow()
    const v1 = await server.ask('PATCH', `/api/v1/dex/entries/${publicId}/`, { headers, body: { visibility: 'public' } })
    expect([v1.status, v1.text]).toEqual([403, expect.stringContaining('guardian')])
    expect(await kept.execute()).toMatchObject([{ visibility: 'friends' }])
  })

  test('older clients are told of a friendship that waits as of a request', async () => {
    const { child, other } = await family()
    await ask(other, child)
    const answer = await post(`/api/v1/social/friendships/${other.id}/respond/`, child, { action: 'accept' })
    expect(answer).toMatchObject({ status: 200, json: { status: 'pending' } })
    expect(await between(child, other)).toEqual(['held', 'asked'])
    const check = await server.ask('GET', `/api/v1/social/friendships/check/?user_id=${other.id}`, { headers: child.headers })
    expect(check.json).toMatchObject({ is_friends: false, pending_request: true })
    const sent = await server.ask('GET', '/api/v1/social/friendships/sent/', { headers: child.headers })
    expect(sent.text).toContain(other.id)
  })

  test('its guardian makes a managed account, which signs in and is nobody’s guardian', async () => {
    const { guardian, child } = await family()
    const named = { username: 'kim', password: PASSWORD, displayName: 'Kim' }
    const answer = await post('/api/v2/wards', guardian, named)
    expect(answer).toMatchObject({ status: 200, json: { username: 'kim', displayName: 'Kim', waiting: [] } })
    const input = { username: 'kim', password: PASSWORD, device: 'tablet', session: 'bearer' }
    const up = await server.ask('POST', '/api/v2/sessions', { body: input })
    expect(up.json.account).toMatchObject({ role: 'managed' })
    const made = await post('/api/v2/wards', child, { username: 'child', password: PASSWORD })
    expect(made).toMatchObject({ status: 403, json: { code: 'managed_account' } })
  })
})
