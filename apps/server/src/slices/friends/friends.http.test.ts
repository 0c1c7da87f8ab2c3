import { randomUUID } from 'node:crypto'
import type { AuditView } from '@biologidex/core/accounts/audit'
import { accountFeed, dexFeed } from '@biologidex/core/sync/wire'
import { eachDatabase } from '@biologidex/test-kit/databases'
import { accountOf, sessionOf, startTestServer, type TestServer } from '@biologidex/test-kit/test-server'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

eachDatabase((_name, databases) => {
  let server: TestServer
  beforeAll(async () => {
    server = await startTestServer(await databases.settings())
  })
  afterAll(() => server.close())

  async function newcomer(username: string) {
    const up = await server.signUp(username, 'bearer')
    return { account: accountOf(up), headers: sessionOf(up), client: randomUUID(), n: 0 }
  }
  type Person = Awaited<ReturnType<typeof newcomer>>
  const get = ({ headers }: Person, path: string) => server.ask('GET', path, { headers })
  async function push(person: Person, change: object, cursors: object = {}) {
    person.n += 1
    const { account, client, n, headers } = person
    const body = { account, client, ack: 0, mutations: [{ n, ...change }], ...cursors }
    const { text } = await server.ask('POST', '/api/v2/sync/push', { headers, body })
    return text
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, never>)
  }
  async function cursorsOf({ headers, account }: Person): Promise<Record<string, string>> {
    const { text } = await server.ask('POST', '/api/v2/sync/pull', { headers, body: { account, cursors: {} } })
    const lines = text.split('\n').filter((line) => line.startsWith('{"chunk"'))
    const chunks = lines.map((line) => (JSON.parse(line) as { chunk: { feed: string; cursor: string } }).chunk)
    return Object.fromEntries(chunks.map(({ feed, cursor }) => [feed, cursor]))
  }
  const blockOf = (other: Person) => ({ type: 'block', id: other.account, op: 'create' })

  test('looking people up is limited by session, and for all of one network together', async () => {
    const rates = { RATE_PEOPLE_BURST: '3', RATE_PEOPLE_NETWORK_BURST: '5', RATE_PEOPLE_NETWORK_PER_SECOND: '0.01' }
    const strict = await startTestServer(await databases.settings(), { ...rates, TRUST_PROXY: 'true' })
    const sessions = await Promise.all(
      ['mara', 'theo', 'vera'].map(async (name) => sessionOf(await strict.signUp(name, 'bearer'))),
    )
    const [mara, theo, vera] = sessions as [Record<string, string>, Record<string, string>, Record<string, string>]
    const look = async (session: Record<string, string>, from: number, path = 'by-name/theo') => {
      const headers = { ...session, 'x-forwarded-for': `203.0.113.${from}` }
      return strict.ask('GET', `/api/v2/people/${path}`, { headers })
    }
    const statuses: number[] = []
    for (let n = 0; n < 4; n += 1) statuses.push((await look(mara, 1)).status)
    for (let n = 0; n < 3; n += 1) statuses.push((await look(theo, 1, 'by-code/ABCDEFGH')).status)
    expect(statuses).toEqual([200, 200, 200, 429, 404, 404, 429])
    const refused = await look(vera, 1)
    expect([refused.status, refused.json.code]).toEqual([429, 'rate_limited'])
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThanOrEqual(90)
    expect((await look(vera, 2)).status).toBe(200)
    await strict.close()
  })

  describe('pushes', () => {
    test('of friendships answer where the account feed stands, and bring it (O7)', async () => {
      const [mara, theo] = [await newcomer('mara'), await newcomer('theo')]
      const cursors = await cursorsOf(mara)
      const accountCursor = cursors[accountFeed(mara.account)]
      const [first, chunk, items] = await push(mara, blockOf(theo), { accountCursor })
      expect(first).toEqual({ results: [{ n: 1, status: 'done', seq: 1 }] })
      expect(chunk).toMatchObject({ chunk: { feed: accountFeed(mara.account), seq: 1, items: 1, whole: true } })
      expect(items).toMatchObject([{ type: 'block', id: theo.account, username: 'theo' }])
    })

    test('of both kinds count in the feed of each', async () => {
      const [mara, theo] = [await newcomer('maren'), await newcomer('thea')]
      const cursors = await cursorsOf(mara)
      const named = { type: 'setting', id: mara.account, op: 'update', set: { displayName: { to: 'Maren' } } }
      const both = { cursor: cursors[dexFeed(mara.account)], accountCursor: cursors[accountFeed(mara.account)] }
      const [dex, chunk] = await push(mara, named, both)
      expect(dex).toMatchObject({ results: [{ seq: 2 }] })
      expect(chunk).toMatchObject({ chunk: { feed: dexFeed(mara.account), seq: 2 } })
      expect((await push(mara, blockOf(theo), both))[0]).toMatchObject({ results: [{ seq: 1 }] })
    })
  })

  describe('people', () => {
    test('are found by code, however it is typed, and by name; unknown and blocked answer alike', async () => {
      const [mara, theo] = [await newcomer('milo'), await newcomer('tilda')]
      const row = await server.ctx.db.read
        .selectFrom('accounts')
        .select('friend_code')
        .where('id', '=', theo.account)
        .executeTakeFirstOrThrow()
      const code = row.friend_code
      const typed = `${code.slice(0, 4).toLowerCase()} - ${code.slice(4)}`
      const found = await get(mara, `/api/v2/people/by-code/${encodeURIComponent(typed)}`)
      expect(found.json).toEqual({ id: theo.account, username: 'tilda', displayName: 'tilda' })
      expect((await get(mara, '/api/v2/people/by-name/TILDA')).json).toEqual(found.json)
      await push(theo, blockOf(mara))
      const answers = [
        await get(mara, `/api/v2/people/by-code/${code}`),
        await get(mara, '/api/v2/people/by-code/22222222'),
        await get(mara, '/api/v2/people/by-name/tilda'),
        await get(mara, '/api/v2/people/by-name/nobody'),
        await get(mara, `/api/v2/dex/${theo.account}/public`),
        await get(mara, `/api/v2/dex/${randomUUID()}/public`),
      ]
      for (const { status, text } of answers) expect([status, text]).toEqual([404, answers[0]?.text])
    })
  })

  describe('the log', () => {
    test('is one’s own, latest first, and names neither whom nor what', async () => {
      const [mara, theo] = [await newcomer('marlene'), await newcomer('timo')]
      await push(mara, { type: 'friend', id: theo.account, op: 'create' })
      await push(mara, blockOf(theo))
      await push(mara, {
        type: 'setting',
        id: mara.account,
        op: 'update',
        set: { friendsPrecision: { was: 'area', to: 'hidden' } },
      })
      const { json, text } = await get(mara, '/api/v2/accounts/me/audit')
      const { events, before } = json as unknown as AuditView
      const what = events.map((event) => event.what)
      expect(what).toEqual(['places_changed', 'friend_blocked', 'friend_asked', 'sign_up'])
      expect(before).toBeUndefined()
      expect(events.every(({ address }) => address === '127.0.0.1')).toBe(true)
      expect(text).not.toContain(theo.account)
      expect(((await get(theo, '/api/v2/accounts/me/audit')).json as unknown as AuditView).events).toHaveLength(1)
    })

    test('comes in pages, each line once, those of one moment too', async () => {
      const mara = await newcomer('marius')
      const rows = Array.from({ length: 230 }, (_, i) => {
        return { id: randomUUID(), account_id: mara.account, what: `did ${i}`, at: 1_000 + Math.floor(i / 50), address: null }
      })
      await server.ctx.db.write((tx) => tx.q.insertInto('audit').values(rows).execute())
      const seen: string[] = []
      let before: string | undefined = ''
      while (before !== undefined) {
        const { json } = await get(mara, `/api/v2/accounts/me/audit${before && `?before=${before}`}`)
        const page = json as unknown as AuditView
        seen.push(...page.events.map(({ what }) => what))
        before = page.before
      }
      expect(seen).toHaveLength(231)
      expect(new Set(seen).size).toBe(231)
      expect((await get(mara, '/api/v2/accounts/me/audit?before=yesterday')).json.code).toBe('invalid_input')
    })
  })
})
