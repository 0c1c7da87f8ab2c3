import { eachDatabase } from '@biologidex/test-kit/databases'
import { type Answer, accountOf, PASSWORD, sessionOf, startTestServer, type TestServer } from '@biologidex/test-kit/test-server'
import { afterAll, beforeAll, expect, it } from 'vitest'

const ACCOUNTS = '/api/v2/admin/accounts'
interface Listed {
  readonly accounts: { readonly id: string; readonly username: string; readonly role: string }[]
  readonly after?: string
}

eachDatabase((_name, databases) => {
  let server: TestServer
  let admin: Record<string, string>
  let member: Answer
  beforeAll(async () => {
    server = await startTestServer(await databases.settings())
    admin = sessionOf(await server.signUp('ada', 'bearer'))
    member = await server.signUp('Grace', 'bearer')
  })
  afterAll(() => server.close())

  it('lists everyone for an admin, by name, without what is nobody’s business', async () => {
    const { json, text } = await server.ask('GET', ACCOUNTS, { headers: admin })
    const { accounts } = json as unknown as Listed
    expect(accounts.map(({ username, role }) => [username, role])).toEqual([
      ['ada', 'admin'],
      ['Grace', 'member'],
    ])
    for (const secret of ['password', 'argon2', 'seal', 'friend', 'email']) expect(text).not.toContain(secret)
    const rest = await server.ask('GET', `${ACCOUNTS}?after=ada`, { headers: admin })
    expect((rest.json as unknown as Listed).accounts.map(({ username }) => username)).toEqual(['Grace'])
  })

  it('is not there for others: a list, a link and a path that is nothing answer the same', async () => {
    const headers = sessionOf(member)
    const seen = ({ status, text }: Answer) => ({ status, text })
    const nothing = await server.ask('GET', '/api/v2/no-such-thing', { headers })
    const list = await server.ask('GET', ACCOUNTS, { headers })
    expect(list.json.code).toBe('not_found')
    expect(seen(list)).toEqual(seen(nothing))
    const self = `${ACCOUNTS}/${accountOf(member)}/reset`
    expect(seen(await server.ask('POST', self, { headers }))).toEqual(seen(nothing))
    expect((await server.ctx.db.read.selectFrom('password_resets').selectAll().execute()).length).toBe(0)
    expect((await server.ask('GET', ACCOUNTS)).status).toBe(401)
  })

  it('gives an admin a link that lets somebody in again, and notes on both sides that it did', async () => {
    const id = accountOf(member)
    const { json } = await server.ask('POST', `${ACCOUNTS}/${id}/reset`, { headers: admin })
    expect(json).toMatchObject({ username: 'Grace', path: expect.stringMatching(/^\/reset#[A-Za-z0-9_-]{43}$/) })
    const token = String(json.path).split('#')[1]
    const used = await server.ask('POST', '/api/v2/password-resets', { body: { token, password: 'brand new one' } })
    expect(used.json).toEqual({ username: 'Grace' })
    const back = { username: 'grace', password: 'brand new one', device: 'x', session: 'bearer' }
    expect((await server.ask('POST', '/api/v2/sessions', { body: back })).status).toBe(200)
    const notes = await server.ctx.db.read
      .selectFrom('audit')
      .select(['account_id', 'what'])
      .where('what', 'like', 'reset%')
      .execute()
    expect(notes.map(({ account_id, what }) => [account_id === id, what]).toSorted()).toEqual([
      [false, 'reset_link_for_other'],
      [true, 'reset_link'],
    ])
  })

  it('makes no link for an account that is not there', async () => {
    const path = `${ACCOUNTS}/00000000-0000-4000-8000-000000000000/reset`
    expect((await server.ask('POST', path, { headers: admin })).json.code).toBe('not_found')
  })

  it('turns nobody into an admin by a sign-in', async () => {
    const body = { username: 'Grace', password: PASSWORD, role: 'admin', device: 'x', session: 'bearer' }
    await server.ask('POST', '/api/v2/sessions', { body })
    const { role } = await server.ctx.db.read
      .selectFrom('accounts')
      .select('role')
      .where('username', '=', 'Grace')
      .executeTakeFirstOrThrow()
    expect(role).toBe('member')
  })
})
