import { randomUUID } from 'node:crypto'
import { accountRoutes } from '@biologidex/core/accounts/routes'
import { entryRoutes } from '@biologidex/core/entries/routes'
import { friendRoutes } from '@biologidex/core/friends/routes'
import { imageRoutes, UPLOADS_PATH, uploadRoutes } from '@biologidex/core/images/routes'
import type { RouteSpec } from '@biologidex/core/routes'
import { syncRoutes } from '@biologidex/core/sync/wire'
import { v1Accounts, v1Animals, v1Entries, v1Friends, v1Jobs, v1Pictures, v1Sync } from '@biologidex/core/v1/routes'
import { createAccount } from '@biologidex/server/slices/accounts/accounts.service'
import { putStanding } from '@biologidex/server/slices/friends/friends.store'
import { pictureName } from '@biologidex/server/slices/v1/urls'
import { addConversion, addJob, putPicture } from '@biologidex/server/slices/v1/v1.store'
import { ROLES, type Role, type Society } from './society.ts'
import type { TestServer } from './test-server.ts'

const V1 = {
  users: v1Accounts,
  animals: v1Animals,
  entries: v1Entries,
  sync: v1Sync,
  friends: v1Friends,
  pictures: v1Pictures,
  jobs: v1Jobs,
}

/** Every route of the protocol, by a name of its own. */
export const ROUTES: Readonly<Record<string, RouteSpec>> = {
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
export const nameOf = ({ method, path }: Pick<RouteSpec, 'method' | 'path'>): string => `${method} ${path}`

export interface Asked {
  readonly path?: string
  readonly body?: unknown
  readonly headers?: Record<string, string>
}

/** What a route is asked about: something of the owner's, or the same of nobody's, where `it` makes up what is not there. */
export type Ask = (world: Society, there: boolean) => Asked | Promise<Asked>

export interface Line {
  readonly route: string
  /** Which of the owner's things is asked about, where there are several. */
  readonly what?: string
  readonly ask?: Ask
  /** Who may. To all others the answer is the one for what is not there. */
  readonly may: readonly Role[]
  /** The status of those who may. */
  readonly status?: number
  /** For a route that answers whoever is signed in with 200: what is in the answers of those who may, and in no others. */
  readonly shows?: string
}

export function specOf(route: string): RouteSpec {
  const spec = ROUTES[route]
  if (!spec) throw new Error(`no route ${route}`)
  return spec
}

export const NOTHING: Ask = () => ({})
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

interface Left {
  readonly conversion: string
  readonly job: string
}
const left = new WeakMap<Society, Promise<Left>>()

/** A picture that the owner had converted by v1, and a job with it; made when it is asked for first. */
function leftOf(world: Society): Promise<Left> {
  const { ctx } = world.server
  const make = async (): Promise<Left> => {
    const [conversion, job] = [randomUUID(), randomUUID()]
    const picture = { owner_id: world.devices.owner.account, sha256: await ctx.blobs.put(Buffer.from('converted')), size: 9 }
    await ctx.db.write(async (tx) => {
      const created_at = await tx.now()
      const was = { width: 4, height: 3, original_size: 9, original_format: 'image/png', expires_at: created_at + 3_600_000 }
      await addConversion(tx, { id: conversion, ...picture, ...was, created_at })
      await addJob(tx, { id: job, ...picture, conversion_id: conversion, retries: 0, created_at })
    })
    return { conversion, job }
  }
  const made = left.get(world) ?? make()
  left.set(world, made)
  return made
}

const conversion =
  (rest = ''): Ask =>
  async (world, there) => ({ path: `/api/v1/images/convert/${some(there, (await leftOf(world)).conversion)}/${rest}` })
const job =
  (rest = ''): Ask =>
  async (world, there) => ({ path: `/api/v1/vision/jobs/${some(there, (await leftOf(world)).job)}/${rest}` })

/** The PNG of an entry's picture, or its original, by the address that v1 gives; the session says who asks. */
const v1Picture =
  (visibility: keyof Society['entries'], what?: 'original'): Ask =>
  async ({ server: { ctx }, devices, entries }, there) => {
    const { entry, image } = entries[visibility]
    const owner = devices.owner.account
    const bytes = Buffer.from(`a PNG, ${visibility}`)
    const sha256 = await ctx.blobs.put(bytes)
    const row = { owner_id: owner, image_id: image, entry_id: entry, sha256, size: bytes.length, made_at: 1 }
    await ctx.db.write((tx) => putPicture(tx, row))
    return { path: `/api/v1/images/dex/${owner}/${owner}/${some(there, entry)}/${what ?? pictureName(sha256)}.none.png` }
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
  'friends friends': [200],
  'friends pending': [200],
  'friends sent': [200],
  'friends ask': [400, {}],
  'friends respond': [404, { action: 'accept' }],
  'friends unfriend': [404],
  'pictures convert': [400, {}],
  'jobs completed': [200],
  'jobs select': [404, { index: 0 }],
}

const V1_LINES: readonly Line[] = [
  { route: 'v1 users login', may: ALL, status: 400, ask: says({}) },
  { route: 'v1 users refresh', may: ALL, status: 400, ask: says({}) },
  { route: 'v1 users signUp', may: ALL, status: 400, ask: says({}) },
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
    route: 'v1 sync batch',
    may: KNOWN,
    shows: '"count":',
    ask: (world, there) => ({ body: { sync_requests: [{ user_id: ownerIf(world, there), last_sync: null }] } }),
  },
  { route: 'v1 pictures one', what: 'private', may: ['owner'], ask: v1Picture('private') },
  { route: 'v1 pictures one', what: 'for friends', may: ['owner', 'friend'], ask: v1Picture('friends') },
  { route: 'v1 pictures one', what: 'public', may: KNOWN, ask: v1Picture('public') },
  { route: 'v1 pictures one', what: 'original', may: ['owner'], ask: v1Picture('public', 'original') },
  { route: 'v1 pictures conversion', may: ['owner'], ask: conversion() },
  { route: 'v1 pictures download', may: ['owner'], ask: conversion('download/') },
  {
    route: 'v1 jobs create',
    may: ['owner'],
    status: 201,
    ask: async (world, there) => ({ body: { conversion_id: some(there, (await leftOf(world)).conversion) } }),
  },
  { route: 'v1 jobs one', may: ['owner'], ask: job() },
  { route: 'v1 jobs retry', may: ['owner'], ask: job('retry/') },
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
export const LINES: readonly Line[] = [
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
