import type { RouteSpec } from '@biologidex/core/routes'
import { dexFeed } from '@biologidex/core/sync/wire'
import { eachDatabase } from '@biologidex/test-kit/databases'
import { type Asked, LINES, NOTHING, nameOf, ROUTES, specOf } from '@biologidex/test-kit/role-lines'
import { ROLES, type Role, type Society, society } from '@biologidex/test-kit/society'
import { startTestServer, type TestServer } from '@biologidex/test-kit/test-server'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

/** An answer as whoever asked sees it: all of it but the time of day. */
interface Seen {
  readonly status: number
  readonly headers: Record<string, string>
  readonly body: string
}

/** Some refusals say again which id was asked for, and answers of v1's sync what time it is. */
const withoutIds = (seen: Seen): Seen => ({
  ...seen,
  body: seen.body
    .replaceAll(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, 'id')
    .replace(/"server_time":"[^"]+"/, '"server_time":"now"'),
})

eachDatabase((_name, databases) => {
  let server: TestServer
  let world: Society
  beforeAll(async () => {
    const rates = { RATE_PICTURE_BURST: '1000', RATE_PEOPLE_BURST: '1000', RATE_V1_SYNC_BURST: '1000' }
    server = await startTestServer(await databases.settings(), rates)
    world = await society(server)
    const { sha256, size } = { sha256: await server.ctx.blobs.put(Buffer.from('a face')), size: 6 }
    const { owner } = world.devices
    await server.ctx.db.write((tx) =>
      tx.q
        .updateTable('accounts')
        .set({ avatar: JSON.stringify({ sha256, size }) })
        .where('id', '=', owner.account)
        .execute(),
    )
    await owner.push([owner.change('setting', owner.account, 'update', { bio: { to: 'keeps herons' } })])
  })
  afterAll(() => server.close())

  async function see(spec: RouteSpec, asked: Asked, role: Role): Promise<Seen> {
    const { path = spec.path, body } = asked
    const json: Record<string, string> = body === undefined ? {} : { 'content-type': 'application/json' }
    const answer = await fetch(server.url + path, {
      method: spec.method,
      headers: { ...json, ...asked.headers, ...(await world.headersOf(role)) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    const stream = answer.headers.get('content-type') === 'text/event-stream'
    const text = stream ? '' : await answer.text()
    if (stream) await answer.body?.cancel()
    const headers = Object.fromEntries([...answer.headers].filter(([name]) => name !== 'date'))
    return { status: answer.status, headers, body: text }
  }

  test('every route of the protocol has its line', async () => {
    const { json } = await server.ask('GET', '/api/v2/openapi.json')
    const described = Object.entries(json.paths as Record<string, object>).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path.replaceAll(/\{(\w+)\}/g, ':$1')}`),
    )
    const lined = new Set(LINES.map(({ route }) => nameOf(specOf(route))))
    const table = Object.values(ROUTES).map(nameOf)
    expect([...described, ...table].filter((name) => !lined.has(name))).toEqual([])
    // OpenAPI leaves HEAD out.
    expect(table.filter((name) => !described.includes(name) && !name.startsWith('HEAD'))).toEqual([])
    expect(described.length).toBeGreaterThan(25)
  })

  describe('a dex, whole', () => {
    const kinds = ['private', 'friends', 'public'] as const
    type Kind = (typeof kinds)[number]
    /** What of the owner's dex each role is brought: by a pull, and by the ways that strangers have. */
    const brought: Readonly<Record<Role, { readonly pulled: readonly Kind[]; readonly asked: readonly Kind[] }>> = {
      owner: { pulled: kinds, asked: kinds },
      friend: { pulled: ['friends', 'public'], asked: ['friends', 'public'] },
      stranger: { pulled: [], asked: ['public'] },
      'former friend': { pulled: [], asked: ['public'] },
      admin: { pulled: [], asked: ['public'] },
      blocked: { pulled: [], asked: [] },
      visitor: { pulled: [], asked: [] },
    }
    const kindsIn = (body: string, id: (kind: Kind) => string): readonly Kind[] =>
      kinds.filter((kind) => body.includes(id(kind)))

    test.each(ROLES)('%s', async (role) => {
      const { pulled, asked } = brought[role]
      const { owner } = world.devices
      const account = role === 'visitor' ? owner.account : world.devices[role].account
      const rows = await server.ctx.db.read.selectFrom('entries').select(['id', 'public_id']).execute()
      const publicIds = new Map(rows.map((row) => [row.id, row.public_id]))
      const own = (kind: Kind) => world.entries[kind].entry
      const shared = (kind: Kind) => publicIds.get(own(kind)) ?? 'none'
      for (const only of [undefined, [dexFeed(owner.account)]]) {
        const { body } = await see(specOf('pull'), { body: { account, cursors: {}, only } }, role)
        expect(kindsIn(body, own)).toEqual(pulled)
      }
      const page = await see(specOf('publicDex'), { path: `/api/v2/dex/${owner.account}/public` }, role)
      expect(kindsIn(page.body, own)).toEqual(asked.filter((kind) => kind === 'public'))
      const v1 = await see(specOf('v1 sync dex'), { path: `/api/v1/dex/entries/user/${owner.account}/entries/` }, role)
      expect(kindsIn(v1.body, shared)).toEqual(asked)
      const sync_requests = [{ user_id: owner.account, last_sync: null }]
      const batch = await see(specOf('v1 sync batch'), { body: { sync_requests } }, role)
      expect(kindsIn(batch.body, shared)).toEqual(asked)
    })
  })

  describe.each(LINES)('$route $what', ({ route, may, status = 200, ask = NOTHING, shows }) => {
    const spec = specOf(route)
    const others = ROLES.filter((role) => !may.includes(role))

    test.each(may)('%s may', async (role) => {
      const seen = await see(spec, await ask(world, true), role)
      expect(seen.status).toBe(status)
      if (shows) expect(seen.body).toContain(shows)
    })

    if (others.length === 0) return
    test(`${others.join(', ')}: as if it were not there`, async () => {
      for (const role of others) {
        const refused = await see(spec, await ask(world, true), role)
        if (shows) expect(refused.body).not.toContain(shows)
        else expect(refused.status).toBeGreaterThanOrEqual(400)
        const missing = await see(spec, await ask(world, false), role)
        expect(withoutIds(refused)).toEqual(withoutIds(missing))
      }
    })
  })

  test('who has no session is told so on every route that needs one, in the same words', async () => {
    const bodies = new Set<string>()
    const whole = new Set<string>()
    for (const { route, ask = NOTHING } of LINES) {
      const spec = specOf(route)
      if (spec.access === 'anyone' || spec.method === 'HEAD') continue
      const { status, body } = await see(spec, await ask(world, true), 'visitor')
      expect(status).toBe(401)
      const { code, detail } = JSON.parse(body) as { code: string; detail: string }
      // v1 says the same in a body of another form.
      bodies.add(`${code}: ${detail}`)
      if (!spec.path.startsWith('/api/v1/')) whole.add(body)
    }
    expect([bodies.size, whole.size]).toEqual([1, 1])
  })
})
