import { randomUUID } from 'node:crypto'
import { accountRoutes } from '@biologidex/core/accounts/routes'
import { entryRoutes } from '@biologidex/core/entries/routes'
import { friendRoutes } from '@biologidex/core/friends/routes'
import { imageRoutes, UPLOADS_PATH, uploadRoutes } from '@biologidex/core/images/routes'
import type { RouteSpec } from '@biologidex/core/routes'
import { syncRoutes } from '@biologidex/core/sync/wire'
import { v1Accounts, v1Animals, v1Entries, v1Friends, v1Jobs, v1Pictures, v1Sync } from '@biologidex/core/v1/routes'
import { eachDatabase } from '@biologidex/test-kit/databases'
import { ROLES, type Role, type Society, society } from '@biologidex/test-kit/society'
import { startTestServer, type TestServer } from '@biologidex/test-kit/test-server'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createAccount } from './accounts/accounts.service.ts'
import { putStanding } from './friends/friends.store.ts'

const V1 = {
  users: v1Accounts,
  animals: v1Animals,
  entries: v1Entries,
  sync: v1Sync,
  friends: v1Friends,
  pictures: v1Pictures,
  jobs: v1Jobs,
}

const ROUTES: Readonly<Record<string, RouteSpec>> = {
  ...accountRoutes,
  ...entryRoutes,
  ...friendRoutes,
  ...imageRoutes,
  ...syncRoutes,
  ...Object.fromEntries(Object.entries(uploadRoutes).map(([name, spec]) => [`upload ${name}`, spec])),
  ...Object.fromEntries(
    Object.entries(V1).flatMap(([part, routes]) => Object.entries(routes).map(([name, spec]) => [`v1 ${part} ${name}`, spec])),
  ),
}
const nameOf = ({ method, path }: Pick<RouteSpec, 'method' | 'path'>): string => `${method} ${path}`

interface Asked {
  readonly path?: string
  readonly body?: unknown
  readonly headers?: Record<string, string>
}

/** What a route is asked about: something of the owner's, or the same of nobody's, where `it` makes up what is not there. */
type Ask = (world: Society, there: boolean) => Asked | Promise<Asked>

interface Line {
  readonly route: string
  /** Which of the owner's things is asked about, where there are several. */
  readonly what?: string
  readonly ask?: Ask
  /** Who may. To all others the answer is the one for what is not there. */
  readonly may: readonly Role[]
  /** The status of those who may. */
  readonly status?: number
}

function specOf(route: string): RouteSpec {
  const spec = ROUTES[route]
  if (!spec) throw new Error(`no route ${route}`)
  return spec
}

const NOTHING: Ask = () => ({})
const SIGNED_IN = ROLES.filter((role) => role !== 'visitor')
const KNOWN = SIGNED_IN.filter((role) => role !== 'blocked')
const ALL = ROLES
const TUS = { 'tus-resumable': '1.0.0' }
const some = (there: boolean, id: string): string => (there ? id : randomUUID())
const ownerIf = (world: Society, there: boolean): string => some(there, world.devices.owner.account)

const picture =
  (visibility: keyof Society['entries'], rendition: string): Ask =>
  ({ devices, entries }, there) => ({
    path: `/api/v2/dex/${devices.owner.account}/entries/${some(there, entries[visibility].entry)}/images/${entries[visibility].image}/${rendition}`,
  })
const upload: Ask = ({ waiting }, there) => ({ path: `${UPLOADS_PATH}/${some(there, waiting.image)}`, headers: TUS })
async function codeOf({ server, devices }: Society): Promise<string> {
  const account = server.ctx.db.read.selectFrom('accounts').select('friend_code').where('id', '=', devices.owner.account)
  return (await account.executeTakeFirstOrThrow()).friend_code
}

/** The managed account whose guardian somebody is, made when it is asked for first. */
async function wardOf(server: TestServer, guardian: string): Promise<string> {
  const { db, nudges } = server.ctx
  const found = db.read.selectFrom('accounts').select('id').where('guardian_id', '=', guardian)
  const row = await found.executeTakeFirst()
  const child = { username: 'child', role: 'managed', guardian } as const
  return row?.id ?? (await db.write((tx) => createAccount(tx, nudges, child, 'none'))).id
}

/** An entry of the owner's as v1 names it. */
const v1Entry =
  (visibility: keyof Society['entries'], rest = '', body?: unknown): Ask =>
  async ({ server, entries }, there) => {
    const row = server.ctx.db.read.selectFrom('entries').select('public_id').where('id', '=', entries[visibility].entry)
    const { public_id } = await row.executeTakeFirstOrThrow()
    return { path: `/api/v1/dex/entries/${some(there, public_id)}/${rest}`, ...(body === undefined ? {} : { body }) }
  }
const says =
  (body: unknown): Ask =>
  () => ({ body })

/** Routes of older clients that answer alike whoever is signed in. */
const V1_ALIKE: Readonly<Record<string, readonly [status: number, body?: unknown]>> = {
  'users me': [200],
  'users change': [200, {}],
  'users code': [200],
  'animals list': [200],
  'animals one': [404],
  'animals lookUp': [400, { scientific_name: '42' }],
  'entries list': [200],
  'entries mine': [200],
  'entries favorites': [200],
  'entries recent': [200],
  'entries byAnimal': [400],
  'entries create': [400, {}],
  'entries addImage': [400, {}],
  'sync own': [200],
  'sync overview': [200],
  'sync batch': [400, {}],
  'friends friends': [200],
  'friends pending': [200],
  'friends sent': [200],
  'friends ask': [400, {}],
  'friends respond': [404, { action: 'accept' }],
  'friends unfriend': [404],
  'pictures convert': [400, {}],
  'pictures conversion': [404],
  'jobs create': [404, { conversion_id: 'none' }],
  'jobs completed': [200],
  'jobs one': [404],
  'jobs select': [404, { index: 0 }],
  'jobs retry': [404],
}

const V1_LINES: readonly Line[] = [
  { route: 'v1 users login', may: ALL, status: 400, ask: says({}) },
  { route: 'v1 users refresh', may: ALL, status: 400, ask: says({}) },
  { route: 'v1 users signUp', may: ALL, status: 400, ask: says({}) },
  { route: 'v1 pictures one', may: ALL, status: 404 },
  { route: 'v1 pictures download', may: ALL, status: 404 },
  ...Object.entries(V1_ALIKE).map(([name, [status, body]]): Line => {
    return { route: `v1 ${name}`, may: SIGNED_IN, status, ...(body === undefined ? {} : { ask: says(body) }) }
  }),
  {
    route: 'v1 users byCode',
    may: KNOWN,
    ask: async (world, there) => ({ body: { friend_code: there ? await codeOf(world) : '22222222' } }),
  },
  {
    route: 'v1 sync dex',
    may: KNOWN,
    ask: (world, there) => ({ path: `/api/v1/dex/entries/user/${ownerIf(world, there)}/entries/` }),
  },
  {
    route: 'v1 friends check',
    may: KNOWN,
    ask: (world, there) => ({ path: `/api/v1/social/friendships/check/?user_id=${ownerIf(world, there)}` }),
  },
  { route: 'v1 entries one', what: 'private', may: ['owner'], ask: v1Entry('private') },
  { route: 'v1 entries one', what: 'for friends', may: ['owner', 'friend'], ask: v1Entry('friends') },
  { route: 'v1 entries one', what: 'public', may: KNOWN, ask: v1Entry('public') },
  { route: 'v1 entries replace', may: ['owner'], ask: v1Entry('public', '', {}) },
  { route: 'v1 entries change', may: ['owner'], ask: v1Entry('public', '', {}) },
  { route: 'v1 entries toggle', may: ['owner'], ask: v1Entry('public', 'toggle_favorite/') },
  // Last: it is gone then.
  { route: 'v1 entries remove', may: ['owner'], status: 204, ask: v1Entry('private') },
]

/** Who may what: a line for each route, several where it gives several things. */
const LINES: readonly Line[] = [
  { route: 'server', may: ALL },
  { route: 'signUp', may: ALL, status: 400, ask: () => ({ body: {} }) },
  { route: 'signIn', may: ALL, status: 400, ask: () => ({ body: {} }) },
  { route: 'resetPassword', may: ALL, status: 410, ask: () => ({ body: { token: 'x', password: 'long enough' } }) },
  { route: 'current', may: SIGNED_IN },
  { route: 'signOut', may: SIGNED_IN },
  { route: 'sessions', may: SIGNED_IN },
  { route: 'endAllSessions', may: SIGNED_IN },
  {
    route: 'endSession',
    may: ['owner'],
    async ask({ server, devices, headersOf }, there) {
      await headersOf('owner')
      const sessions = server.ctx.db.read.selectFrom('sessions').select('id').where('account_id', '=', devices.owner.account)
      const row = there ? await sessions.limit(1).executeTakeFirst() : undefined
      return { path: `/api/v2/sessions/${row?.id ?? randomUUID()}` }
    },
  },
  { route: 'changePassword', may: SIGNED_IN, status: 403, ask: () => ({ body: { current: 'wrong', next: 'long enough' } }) },
  { route: 'deleteAccount', may: SIGNED_IN, status: 403, ask: () => ({ body: { password: 'wrong' } }) },
  { route: 'audit', may: SIGNED_IN },
  { route: 'setAvatar', may: SIGNED_IN, status: 415, ask: () => ({ body: 'no picture' }) },
  { route: 'avatar', may: KNOWN, ask: (world, there) => ({ path: `/api/v2/dex/${ownerIf(world, there)}/avatar` }) },
  { route: 'removeAvatar', may: SIGNED_IN },
  { route: 'listAccounts', may: ['admin'] },
  {
    route: 'makeResetLink',
    may: ['admin'],
    ask: (world, there) => ({ path: `/api/v2/admin/accounts/${ownerIf(world, there)}/reset` }),
  },
  {
    route: 'history',
    may: ['owner'],
    ask: ({ entries }, there) => ({ path: `/api/v2/entries/${some(there, entries.public.entry)}/history` }),
  },
  { route: 'rendition', what: 'private', may: ['owner'], ask: picture('private', 'wall') },
  { route: 'rendition', what: 'for friends', may: ['owner', 'friend'], ask: picture('friends', 'wall') },
  { route: 'rendition', what: 'public', may: KNOWN, ask: picture('public', 'screen') },
  { route: 'rendition', what: 'original', may: ['owner'], ask: picture('public', 'original') },
  {
    route: 'upload create',
    may: ['owner'],
    status: 201,
    ask: ({ waiting }, there) => ({
      headers: {
        ...TUS,
        'upload-length': String(waiting.size),
        'upload-metadata': `image ${Buffer.from(some(there, waiting.image)).toString('base64')}`,
      },
    }),
  },
  { route: 'upload standing', may: ['owner'], ask: upload },
  {
    route: 'upload append',
    may: ['owner'],
    status: 409,
    async ask(world, there) {
      const part = { 'content-type': 'application/offset+octet-stream', 'upload-offset': '5' }
      return { path: (await upload(world, there)).path ?? '', headers: { ...TUS, ...part } }
    },
  },
  { route: 'upload terminate', may: ['owner'], status: 204, ask: upload },
  { route: 'pull', may: ['owner'], ask: (world, there) => ({ body: { account: ownerIf(world, there), cursors: {} } }) },
  {
    route: 'push',
    may: ['owner'],
    ask: (world, there) => {
      const mutations = [{ n: 1, type: 'entry', id: randomUUID(), op: 'delete' }]
      return { body: { account: ownerIf(world, there), client: randomUUID(), ack: 0, mutations } }
    },
  },
  {
    route: 'events',
    may: ['owner'],
    ask: (world, there) => ({ path: `/api/v2/sync/events?account=${ownerIf(world, there)}` }),
  },
  {
    route: 'byCode',
    may: KNOWN,
    ask: async (world, there) => ({ path: `/api/v2/people/by-code/${there ? await codeOf(world) : '22222222'}` }),
  },
  { route: 'byName', may: KNOWN, ask: (_world, there) => ({ path: `/api/v2/people/by-name/${there ? 'owner' : 'nobody'}` }) },
  { route: 'wards', may: SIGNED_IN },
  { route: 'makeWard', may: SIGNED_IN, status: 400, ask: says({}) },
  {
    route: 'decideFriend',
    may: ['owner'],
    async ask({ server, devices }, there) {
      const child = await wardOf(server, devices.owner.account)
      const stranger = devices.stranger.account
      await server.ctx.db.write((tx) => putStanding(tx, child, stranger, 'held', 1))
      return { path: `/api/v2/wards/${child}/friends/${some(there, stranger)}`, body: { allow: false } }
    },
  },
  { route: 'publicDex', may: KNOWN, ask: (world, there) => ({ path: `/api/v2/dex/${ownerIf(world, there)}/public` }) },
  ...V1_LINES,
]

/** An answer as whoever asked sees it: all of it but the time of day. */
interface Seen {
  readonly status: number
  readonly headers: Record<string, string>
  readonly body: string
}

/** Some refusals say again which id was asked for. */
const withoutIds = (seen: Seen): Seen => ({
  ...seen,
  body: seen.body.replaceAll(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, 'id'),
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

  describe.each(LINES)('$route $what', ({ route, may, status = 200, ask = NOTHING }) => {
    const spec = specOf(route)
    const others = ROLES.filter((role) => !may.includes(role))

    test.each(may)('%s may', async (role) => {
      expect((await see(spec, await ask(world, true), role)).status).toBe(status)
    })

    if (others.length === 0) return
    test(`${others.join(', ')}: as if it were not there`, async () => {
      for (const role of others) {
        const refused = await see(spec, await ask(world, true), role)
        expect(refused.status).toBeGreaterThanOrEqual(400)
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
