import { z } from 'zod'
import type { RouteSpec } from '../routes.ts'
import * as input from './inputs.ts'
import * as shape from './shapes.ts'

const BASE = '/api/v1'
const ANY = ['invalid_input', 'not_signed_in', 'origin_refused', 'rate_limited', 'unavailable'] as const
const FOUND = [...ANY, 'not_found'] as const
const FILE = [
  'not_a_picture',
  'picture_type_refused',
  'picture_too_large',
  'picture_too_many_pixels',
  'picture_damaged',
] as const

const get = <A extends z.ZodType, const M extends Partial<RouteSpec>>(path: string, answer: A, more: M) =>
  ({ method: 'GET', path: BASE + path, access: 'session', answer, errors: FOUND, ...more }) as const
const post = <B extends z.ZodType, A extends z.ZodType>(path: string, body: B, answer: A) =>
  ({ method: 'POST', path: BASE + path, access: 'session', body, answer, errors: FOUND }) as const
/** Takes no body, or one that is not JSON alone and is therefore checked by hand. */
const act = <A extends z.ZodType, const M extends Partial<RouteSpec>>(path: string, answer: A, more: M) =>
  ({ method: 'POST', path: BASE + path, access: 'session', answer, errors: FOUND, ...more }) as const

const id = z.object({ id: z.string() })
const entries = z.array(shape.v1SyncEntry)
const query = z.object({ last_sync: z.string().max(100).optional() })
const oneEntry = { path: `${BASE}/dex/entries/:id/`, access: 'session', params: id, errors: [...FOUND, ...FILE] } as const

export const v1Accounts = {
  login: {
    method: 'POST',
    path: `${BASE}/auth/login/`,
    access: 'anyone',
    body: input.v1Login,
    answer: z.object({ access: z.string(), refresh: z.string(), user: shape.v1User }),
    errors: ['invalid_input', 'sign_in_failed', 'rate_limited', 'origin_refused', 'unavailable'],
  },
  refresh: {
    method: 'POST',
    path: `${BASE}/auth/refresh/`,
    access: 'anyone',
    body: input.v1Refresh,
    answer: z.object({ access: z.string() }),
    errors: ['invalid_input', 'not_signed_in', 'rate_limited', 'origin_refused', 'unavailable'],
  },
  signUp: {
    method: 'POST',
    path: `${BASE}/users/`,
    access: 'anyone',
    body: input.v1SignUp,
    answer: shape.v1User,
    errors: ['invalid_input', 'signup_closed', 'username_taken', 'rate_limited', 'origin_refused', 'unavailable'],
  },
  me: get('/users/me/', shape.v1User, {}),
  /** JSON, or a form whose `avatar` is a picture. */
  change: { method: 'PATCH', path: `${BASE}/users/me/`, access: 'session', answer: shape.v1User, errors: [...ANY, ...FILE] },
  code: get('/users/friend_code/', z.object({ friend_code: z.string(), username: z.string() }), {}),
  byCode: post('/users/lookup_friend_code/', input.v1Code, shape.v1Person),
} as const satisfies Record<string, RouteSpec>

export const v1Animals = {
  list: get('/animals/', shape.pageOf(shape.v1Animal), { query: input.v1AnimalQuery }),
  one: get('/animals/:id/', shape.v1Animal, { params: id }),
  lookUp: post('/animals/lookup_or_create/', input.v1AnimalInput, z.object({ animal: shape.v1Animal, created: z.boolean() })),
} as const satisfies Record<string, RouteSpec>

const list = { query: input.v1EntryQuery } as const
const page = shape.pageOf(shape.v1Entry)

export const v1Entries = {
  list: get('/dex/entries/', page, list),
  mine: get('/dex/entries/my_entries/', page, list),
  favorites: get('/dex/entries/favorites/', page, list),
  recent: get('/dex/entries/recent/', page, list),
  byAnimal: get('/dex/entries/by_animal/', page, list),
  /** JSON, or a form whose `original_image` is the picture. */
  create: act('/dex/entries/', shape.v1Entry, { errors: [...FOUND, ...FILE] }),
  one: { method: 'GET', ...oneEntry, answer: shape.v1Entry },
  replace: { method: 'PUT', ...oneEntry, answer: shape.v1Entry },
  change: { method: 'PATCH', ...oneEntry, answer: shape.v1Entry },
  remove: { method: 'DELETE', ...oneEntry },
  toggle: act('/dex/entries/:id/toggle_favorite/', shape.v1Entry, { params: id }),
  /** A form whose `image` is the picture. */
  addImage: act('/dex/entries/:id/add_alternate_image/', shape.v1Entry, { params: id, errors: [...FOUND, ...FILE] }),
} as const satisfies Record<string, RouteSpec>

export const v1Sync = {
  own: get('/dex/entries/sync_entries/', z.object({ entries, server_time: z.string(), count: z.int() }), { query }),
  dex: get(
    '/dex/entries/user/:id/entries/',
    z.object({ entries, server_time: z.string(), user_id: z.string(), total_count: z.int() }),
    { query, params: id },
  ),
  overview: get(
    '/dex/entries/friends_overview/',
    z.object({
      friends: z.array(
        z.object({
          user_id: z.string(),
          username: z.string(),
          friend_code: z.string(),
          total_entries: z.int(),
          latest_update: z.string().nullable(),
        }),
      ),
    }),
    {},
  ),
  batch: post(
    '/dex/entries/batch_sync/',
    input.v1Batch,
    z.object({
      results: z.record(z.string(), z.union([z.object({ entries, count: z.int() }), z.object({ error: z.string() })])),
      server_time: z.string(),
    }),
  ),
} as const satisfies Record<string, RouteSpec>

const requests = z.object({ count: z.int(), requests: z.array(shape.v1Friendship) })

export const v1Friends = {
  friends: get('/social/friendships/friends/', z.object({ count: z.int(), friends: z.array(shape.v1Friend) }), {}),
  pending: get('/social/friendships/pending/', requests, {}),
  sent: get('/social/friendships/sent/', requests, {}),
  ask: post('/social/friendships/send_request/', input.v1Request, shape.v1Friendship),
  respond: { ...post('/social/friendships/:id/respond/', input.v1Response, shape.v1Friendship), params: id },
  unfriend: {
    method: 'DELETE',
    path: `${BASE}/social/friendships/:id/unfriend/`,
    access: 'session',
    params: id,
    errors: FOUND,
  },
  check: get(
    '/social/friendships/check/',
    z.object({ user_id: z.string(), username: z.string(), is_friends: z.boolean(), pending_request: z.boolean() }),
    { query: z.object({ user_id: z.string().max(100) }) },
  ),
} as const satisfies Record<string, RouteSpec>

const picture = { method: 'GET', access: 'anyone', media: 'image/png', errors: ['not_found', 'rate_limited'] } as const

export const v1Pictures = {
  /** The addresses that entries name. By bearer token, or by the signature in the name. */
  one: {
    ...picture,
    path: `${BASE}/images/dex/:viewer/:dex/:entry/:name`,
    params: z.object({ viewer: z.string(), dex: z.string(), entry: z.string(), name: z.string() }),
  },
  /** A form: `image`, and `transformations` as JSON text. */
  convert: act('/images/convert/', shape.v1Conversion, { errors: [...ANY, ...FILE] }),
  conversion: get('/images/convert/:id/', shape.v1Conversion, { params: id, errors: [...FOUND, 'upload_gone'] }),
  download: {
    ...picture,
    path: `${BASE}/images/convert/:id/download/`,
    params: id,
    query: z.object({ sig: z.string().max(100).optional() }),
    errors: ['not_found', 'upload_gone', 'rate_limited'],
  },
} as const satisfies Record<string, RouteSpec>

export const v1Jobs = {
  create: { ...post('/vision/jobs/', input.v1JobInput, shape.v1Job), errors: [...FOUND, 'upload_gone'] },
  completed: get('/vision/jobs/completed/', shape.pageOf(shape.v1Job), { query: input.v1Page }),
  one: get('/vision/jobs/:id/', shape.v1Job, { params: id }),
  select: { ...post('/vision/jobs/:id/select_animal/', input.v1Selection, shape.v1Job), params: id },
  retry: act('/vision/jobs/:id/retry/', shape.v1Job, { params: id }),
} as const satisfies Record<string, RouteSpec>
