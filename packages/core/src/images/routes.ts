import { z } from 'zod'
import { uuid } from '../ids.ts'
import type { RouteSpec } from '../routes.ts'

/**
 * Uploads speak tus 1.0 (core, creation, termination) under this path. `Upload-Metadata` carries `image`, the id of an
 * image that a mutation has announced; size and SHA-256 must be the announced ones. The server answers 204 to the last
 * PATCH only when the bytes are verified and durable. Creation may be repeated: it answers `Upload-Offset`, where the
 * upload of that image stands, which is its size when the server has the picture already. `?account=` says whose picture it
 * is: where it is not the session's, nothing is taken and nothing told (O1).
 */
export const UPLOADS_PATH = '/api/v2/uploads'

const ANY_UPLOAD = [
  'invalid_input',
  'not_signed_in',
  'wrong_account',
  'origin_refused',
  'not_found',
  'upload_gone',
  'rate_limited',
] as const
const query = z.object({ account: uuid.optional() })
const AT_ITS_END = ['not_a_picture', 'picture_type_refused', 'checksum_mismatch'] as const
const upload = { access: 'session', path: `${UPLOADS_PATH}/:image`, params: z.object({ image: uuid }), query } as const

export const uploadRoutes = {
  create: {
    method: 'POST',
    path: UPLOADS_PATH,
    access: 'session',
    query,
    errors: [...ANY_UPLOAD, ...AT_ITS_END, 'missing_target', 'picture_too_large'],
  },
  standing: { method: 'HEAD', ...upload, errors: ANY_UPLOAD },
  append: { method: 'PATCH', ...upload, errors: [...ANY_UPLOAD, ...AT_ITS_END, 'upload_state', 'too_large'] },
  terminate: { method: 'DELETE', ...upload, errors: ANY_UPLOAD },
} as const satisfies Record<string, RouteSpec>

export const imageRoutes = {
  rendition: {
    method: 'GET',
    path: '/api/v2/dex/:dex/entries/:entry/images/:image/:rendition',
    access: 'session',
    params: z.object({ dex: uuid, entry: uuid, image: uuid, rendition: z.enum(['wall', 'screen', 'original']) }),
    media: 'image/webp',
    errors: ['not_signed_in', 'not_found', 'rate_limited'],
  },
} as const satisfies Record<string, RouteSpec>
