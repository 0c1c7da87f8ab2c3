import { z } from 'zod'
import { uuid } from '../ids.ts'
import type { RouteSpec } from '../routes.ts'

/**
 * Uploads speak tus 1.0 (creation, core) under this path. `Upload-Metadata` carries `image`, the id of an image that a
 * mutation has announced; size and SHA-256 must be the announced ones. The server answers 204 to the last PATCH only
 * when the bytes are verified and durable.
 */
export const UPLOADS_PATH = '/api/v2/uploads'

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
