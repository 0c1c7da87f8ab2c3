import { AppError } from '@biologidex/core/errors'
import type { FastifyRequest } from 'fastify'

/** Scheme and host that the request was sent to, as a browser writes an origin. */
const ownOrigin = (request: FastifyRequest): string => `${request.protocol}://${request.host}`

/**
 * Refuses a write that another site's page may have sent with this site's cookie. An Origin header must name the app
 * itself; without one, `Sec-Fetch-Site` must say same-origin (pages can forge neither).
 * @param publicOrigin the address people use, when it differs from what requests say
 * @param required false for routes without a session: programs send no Origin there
 * @throws AppError origin_refused
 */
export function checkOrigin(request: FastifyRequest, publicOrigin: string | undefined, required: boolean): void {
  const { origin, 'sec-fetch-site': site } = request.headers
  if (origin === undefined) {
    if (!required || site === 'same-origin') return
    throw new AppError('origin_refused')
  }
  if (origin === ownOrigin(request)) return
  if (publicOrigin !== undefined && origin === new URL(publicOrigin).origin) return
  request.log.info(
    { origin, own: ownOrigin(request) },
    'a write from another origin was refused; behind a proxy set PUBLIC_ORIGIN',
  )
  throw new AppError('origin_refused')
}
