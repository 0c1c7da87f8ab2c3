import { randomUUID } from 'node:crypto'
import { entryRoutes } from '@biologidex/core/entries/routes'
import { eachDatabase } from '@biologidex/test-kit/databases'
import { accountOf, sessionOf, startTestServer, type TestServer } from '@biologidex/test-kit/test-server'
import { afterAll, beforeAll, expect, test } from 'vitest'

eachDatabase((_name, databases) => {
  let server: TestServer
  let account: string
  let headers: Record<string, string>
  const client = randomUUID()
  let n = 0

  beforeAll(async () => {
    server = await startTestServer(await databases.settings(), { RATE_PULL_BURST: '1000' })
    const answer = await server.signUp('mara', 'bearer')
    account = accountOf(answer)
    headers = sessionOf(answer)
  })
  afterAll(() => server.close())

  async function push(...changes: object[]): Promise<void> {
    const mutations = changes.map((change) => ({ ...change, n: ++n }))
    const answer = await server.ask('POST', '/api/v2/sync/push', { headers, body: { account, client, ack: 0, mutations } })
    expect(answer.text).not.toContain('rejected')
  }
  const history = (entry: string, query = '', as = headers) =>
    server.ask('GET', `/api/v2/entries/${entry}/history${query}`, { headers: as })

  test('an entry’s history, latest first: which device, when, which fields from what to what', async () => {
    const id = randomUUID()
    await push({ type: 'entry', id, op: 'create', set: { note: { to: 'duck' }, captive: { to: true } } })
    await push({ type: 'entry', id, op: 'update', set: { note: { was: 'duck', to: 'teal' } } })
    await push({ type: 'entry', id, op: 'delete' })
    const answer = await history(id)
    expect(answer.headers.get('cache-control')).toBe('private, no-store')
    expect(entryRoutes.history.answer.parse(answer.json)).toEqual(answer.json)
    expect(answer.json).toEqual({
      revisions: [
        { n: 3, at: expect.any(Number), device: 'test', changes: [{ op: 'delete' }] },
        { n: 2, at: expect.any(Number), device: 'test', changes: [{ field: 'note', was: 'duck', to: 'teal' }] },
        {
          n: 1,
          at: expect.any(Number),
          device: 'test',
          changes: [{ op: 'create' }, { field: 'note', was: null, to: 'duck' }, { field: 'captive', was: false, to: true }],
        },
      ],
    })
  })

  test('it comes in pages of 50', async () => {
    const id = randomUUID()
    await push({ type: 'entry', id, op: 'create' })
    const counts = Array.from({ length: 100 }, (_, i) => ({ count: { was: i || null, to: i + 1 } }))
    await push(...counts.map((set) => ({ type: 'entry', id, op: 'update', set })))
    const seen: number[] = []
    let before: unknown
    for (let page = 0; page < 3; page += 1) {
      const { json } = await history(id, before === undefined ? '' : `?before=${String(before)}`)
      seen.push(...(json.revisions as { n: number }[]).map((revision) => revision.n))
      before = json.before
    }
    expect(before).toBeUndefined()
    expect(seen).toEqual(Array.from({ length: 101 }, (_, i) => 101 - i))
  })

  test('another’s entry answers as one that is not there', async () => {
    const id = randomUUID()
    await push({ type: 'entry', id, op: 'create', set: { note: { to: 'secret' } } })
    const other = sessionOf(await server.signUp('kai', 'bearer'))
    const [theirs, missing] = [await history(id, '', other), await history(randomUUID(), '', other)]
    expect([theirs.status, missing.status]).toEqual([404, 404])
    expect(theirs.text).toBe(missing.text)
    expect((await history(id, '', {})).status).toBe(401)
    expect((await history('x')).status).toBe(400)
    expect((await history(id, '?before=0')).status).toBe(400)
  })
})
