import { foldUsername } from '@biologidex/core/accounts/account'
import { eachDatabase } from '@biologidex/test-kit/databases'
import { type Answer, accountOf, PASSWORD, sessionOf, startTestServer, type TestServer } from '@biologidex/test-kit/test-server'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Context } from '../../context.ts'
import { sessionTopic } from '../../http/sessions.ts'
import { signUp } from './accounts.service.ts'

const CURRENT = '/api/v2/sessions/current'
const roleOf = (answer: Answer) => (answer.json.account as { role: string } | undefined)?.role
const signIn = (server: TestServer, username: string, password = PASSWORD, headers = {}) =>
  server.ask('POST', '/api/v2/sessions', { headers, body: { username, password, device: 'test', session: 'bearer' } })
const countOf = async (ctx: Context, table: 'accounts' | 'sessions' | 'feeds' | 'audit') =>
  (await ctx.db.read.selectFrom(table).selectAll().execute()).length

eachDatabase((_name, databases) => {
  describe('who may sign up', () => {
    it('makes the first account the admin, and the others members', async () => {
      const server = await startTestServer(await databases.settings())
      expect((await server.ask('GET', '/api/v2/server')).json).toMatchObject({ empty: true, signup: 'open' })
      expect(roleOf(await server.signUp('ada', 'bearer'))).toBe('admin')
      expect((await server.ask('GET', '/api/v2/server')).json).toMatchObject({ empty: false })
      expect(roleOf(await server.signUp('grace', 'bearer'))).toBe('member')
      await server.close()
    })

    it('lets one of several first sign-ups at once be the admin', async () => {
      const server = await startTestServer(await databases.settings())
      const answers = await Promise.all(['ada', 'grace', 'mary', 'rosalind'].map((name) => server.signUp(name, 'bearer')))
      expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200])
      expect(answers.map(roleOf).toSorted()).toEqual(['admin', 'member', 'member', 'member'])
      await server.close()
    })

    it('lets exactly one account be made on a closed server, however many try at once', async () => {
      const server = await startTestServer(await databases.settings(), { SIGNUP: 'closed' })
      const answers = await Promise.all(['ada', 'grace', 'mary'].map((name) => server.signUp(name, 'bearer')))
      const refused = answers.filter(({ status }) => status === 403)
      expect(answers.filter(({ status }) => status === 200).map(roleOf)).toEqual(['admin'])
      expect(refused.map(({ json }) => json.code)).toEqual(['signup_closed', 'signup_closed'])
      expect((await server.signUp('late', 'bearer')).json.code).toBe('signup_closed')
      expect(await countOf(server.ctx, 'accounts')).toBe(1)
      await server.close()
    })
  })

  describe('accounts', () => {
    let server: TestServer
    beforeAll(async () => {
      server = await startTestServer(await databases.settings())
    })
    afterAll(() => server.close())

    it('keeps user names apart without regard to case and width, at the same moment too', async () => {
      const before = await countOf(server.ctx, 'feeds')
      const answers = await Promise.all(['Curie', 'cURIE', 'Ｃurie'].map((name) => server.signUp(name, 'bearer')))
      expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 409, 409])
      expect(answers.find(({ status }) => status === 409)?.json.code).toBe('username_taken')
      expect((await countOf(server.ctx, 'feeds')) - before).toBe(4)
    })

    it('refuses names and passwords that cannot be, and says where', async () => {
      const { status, json } = await server.ask('POST', '/api/v2/accounts', {
        body: { username: 'a b', password: 'short', device: 'x', session: 'bearer' },
      })
      expect(status).toBe(400)
      expect(json.code).toBe('invalid_input')
      const paths = (json.details as { path: string; message: string }[]).map(({ path }) => path)
      expect(paths).toEqual(['username', 'password'])
    })

    it('keeps neither the password nor the token', async () => {
      const answer = await server.signUp('lovelace', 'bearer')
      const id = accountOf(answer)
      const account = await server.ctx.db.read.selectFrom('accounts').selectAll().where('id', '=', id).executeTakeFirstOrThrow()
      const sessions = await server.ctx.db.read.selectFrom('sessions').selectAll().where('account_id', '=', id).execute()
      expect(account.password_hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$[^$]{22}\$[^$]{43}$/)
      expect(JSON.stringify([account, sessions])).not.toContain(PASSWORD)
      expect(JSON.stringify([account, sessions])).not.toContain(answer.json.token)
      expect(account.friend_code).toMatch(/^[2-9A-HJKMNP-TW-Z]{8}$/)
    })

    it('writes whose dex it is into its three feeds, settings into the owner’s alone', async () => {
      const id = accountOf(await server.signUp('merian', 'bearer'))
      const rows = await server.ctx.db.read
        .selectFrom('feeds as f')
        .innerJoin('feed_items as i', 'i.feed_id', 'f.id')
        .select(['f.kind', 'i.item', 'i.payload'])
        .where('f.owner_id', '=', id)
        .execute()
      const profiles = Object.fromEntries(rows.map(({ kind, payload }) => [kind, JSON.parse(payload ?? '')]))
      const shared = { type: 'profile', id, username: 'merian', displayName: 'merian' }
      expect(rows.map(({ item }) => item)).toEqual([`profile/${id}`, `profile/${id}`, `profile/${id}`])
      expect(profiles).toEqual({
        owner: {
          ...shared,
          friendCode: expect.stringMatching(/^[2-9A-HJKMNP-TW-Z]{8}$/),
          settings: { visibility: 'friends', friendsPrecision: 'area', publicPrecision: 'hidden' },
        },
        friends: shared,
        public: shared,
      })
    })

    it('leaves nothing of a sign-up that fails', async () => {
      await server.signUp('goodall', 'bearer')
      const tables = ['accounts', 'sessions', 'feeds', 'audit'] as const
      const before = await Promise.all(tables.map((table) => countOf(server.ctx, table)))
      expect((await server.signUp('GOODALL', 'bearer')).status).toBe(409)
      expect(await Promise.all(tables.map((table) => countOf(server.ctx, table)))).toEqual(before)
    })

    it('signs in by any case of the name, and only with the password', async () => {
      const id = accountOf(await server.signUp('Ångström', 'bearer'))
      const answer = await signIn(server, ' ÅNGSTRÖM ')
      expect(answer.json).toMatchObject({ account: { id, username: 'Ångström' } })
      const { account, seal } = answer.json
      expect((await server.ask('GET', CURRENT, { headers: sessionOf(answer) })).json).toEqual({ account, seal })
      expect((await signIn(server, 'Ångström', `${PASSWORD} `)).status).toBe(401)
    })

    it('answers an unknown name like a wrong password', async () => {
      await server.signUp('carson', 'bearer')
      const wrong = await signIn(server, 'carson', 'not the password')
      const unknown = await signIn(server, 'nobody-here', 'not the password')
      const impossible = await signIn(server, '\u0000 <x>', 'x')
      const seen = ({ status, headers, text }: Answer) => ({
        status,
        text,
        headers: [...headers].filter(([n]) => n !== 'date'),
      })
      expect(wrong.json.code).toBe('sign_in_failed')
      expect(seen(unknown)).toEqual(seen(wrong))
      expect(seen(impossible)).toEqual(seen(wrong))
    })

    it('notes sign-up, sign-in and sign-out, and from where', async () => {
      const up = await server.signUp('humboldt', 'bearer')
      await signIn(server, 'humboldt', 'wrong')
      const session = sessionOf(await signIn(server, 'humboldt'))
      await server.ask('DELETE', CURRENT, { headers: session })
      const rows = await server.ctx.db.read
        .selectFrom('audit')
        .select(['what', 'address'])
        .where('account_id', '=', accountOf(up))
        .execute()
      expect(rows.map(({ what }) => what).toSorted()).toEqual(['sign_in', 'sign_out', 'sign_up'])
      expect(new Set(rows.map(({ address }) => address))).toEqual(new Set(['127.0.0.1']))
    })

    it('ends one session at once: at the next request and in its streams, and no other', async () => {
      const one = sessionOf(await server.signUp('linnaeus', 'bearer'))
      const other = sessionOf(await signIn(server, 'linnaeus'))
      const rows = await server.ctx.db.read.selectFrom('sessions').selectAll().execute()
      const ended: string[] = []
      for (const { id } of rows) server.ctx.nudges.listen([sessionTopic(id)], () => ended.push(id))
      expect((await server.ask('DELETE', CURRENT, { headers: one })).json).toEqual({ signedOut: true })
      expect((await server.ask('GET', CURRENT, { headers: one })).json.code).toBe('not_signed_in')
      expect((await server.ask('DELETE', CURRENT, { headers: one })).status).toBe(401)
      expect((await server.ask('GET', CURRENT, { headers: other })).status).toBe(200)
      expect(ended).toHaveLength(1)
    })

    it('does not sign in through a name that the fold makes of another', () => {
      expect(foldUsername('Straße')).not.toBe(foldUsername('Strasse'))
    })
  })

  it('limits guesses at one name, from wherever they come, and says when to come back', async () => {
    const env = { RATE_SIGN_IN_BURST: '3', RATE_SIGN_IN_PER_SECOND: '0.01', TRUST_PROXY: 'true' }
    const server = await startTestServer(await databases.settings(), env)
    const from = (n: number) => ({ 'x-forwarded-for': `203.0.113.${n}` })
    const answers: Answer[] = []
    for (let n = 1; n <= 4; n += 1) answers.push(await signIn(server, n % 2 ? 'Ada' : 'aDA', 'guess', from(n)))
    expect(answers.map(({ status }) => status)).toEqual([401, 401, 401, 429])
    const last = answers.at(-1)
    expect(last?.json.code).toBe('rate_limited')
    expect(Number(last?.headers.get('retry-after'))).toBeGreaterThanOrEqual(90)
    expect((await signIn(server, 'grace', 'guess', from(9))).status).toBe(401)
    await server.close()
  })

  it('limits sign-ups and sign-ins of one network together, whatever it says of itself', async () => {
    const env = { RATE_SIGN_IN_BURST: '2', RATE_SIGN_IN_PER_SECOND: '0.01', TRUST_PROXY: 'true' }
    const posing = (n: number) => ({ 'x-forwarded-for': `198.51.100.${n}, 203.0.113.5` })
    const server = await startTestServer(await databases.settings(), env)
    expect((await server.signUp('ada', 'bearer', { headers: posing(1) })).status).toBe(200)
    expect((await signIn(server, 'grace', PASSWORD, posing(2))).status).toBe(401)
    const refused = await server.signUp('mary', 'bearer', { headers: posing(3) })
    expect(refused.status).toBe(429)
    expect(refused.headers.get('retry-after')).toMatch(/^[1-9]\d*$/)
    await server.close()
  })

  it('notes at most once an hour that a session is in use', async () => {
    const server = await startTestServer(await databases.settings())
    const headers = sessionOf(await server.signUp('ada', 'bearer'))
    const lastSeen = async () =>
      (await server.ctx.db.read.selectFrom('sessions').select('last_seen_at').executeTakeFirstOrThrow()).last_seen_at
    const fresh = await lastSeen()
    await server.ask('GET', CURRENT, { headers })
    expect(await lastSeen()).toBe(fresh)
    const old = fresh - 2 * 60 * 60 * 1000
    await server.ctx.db.write((tx) => tx.q.updateTable('sessions').set({ last_seen_at: old }).execute())
    await server.ask('GET', CURRENT, { headers })
    await expect.poll(lastSeen).toBeGreaterThanOrEqual(fresh)
    await server.close()
  })

  it('gives everybody a friend code of their own', async () => {
    const server = await startTestServer(await databases.settings())
    const made = Array.from({ length: 12 }, (_, n) => server.signUp(`friend${n}`, 'bearer'))
    await Promise.all(made)
    const codes = await server.ctx.db.read.selectFrom('accounts').select('friend_code').execute()
    expect(new Set(codes.map((row) => row.friend_code)).size).toBe(12)
    await server.close()
  })

  it('tells who signs up at the busiest moment to come again, and keeps nothing half', async () => {
    const server = await startTestServer(await databases.settings())
    const input = { password: PASSWORD, device: 'test', session: 'bearer' } as const
    const tries = Array.from({ length: 60 }, (_, n) => signUp(server.ctx, { ...input, username: `busy${n}` }, '::1'))
    const results = await Promise.allSettled(tries)
    const refused = results.filter((result) => result.status === 'rejected')
    expect(refused.length).toBeGreaterThan(0)
    for (const { reason } of refused) expect(reason).toMatchObject({ code: 'unavailable' })
    expect(await countOf(server.ctx, 'accounts')).toBe(60 - refused.length)
    await server.close()
  })
})
