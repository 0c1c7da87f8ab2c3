import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { AppError } from '@biologidex/core/errors'
import fastifyStatic from '@fastify/static'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { pageHeaders } from './headers.ts'
import { sendProblem } from './problems.ts'

/** Where the build of the web app lies in this repository. */
export const WEB_ROOT = join(import.meta.dirname, '../../../web/dist')

const NOT_BUILT = 'The web app has not been built yet. `npm start` builds it. The API is there: see /api/v2/openapi.json\n'

/** Someone opens an address in a browser: any address of the app is answered with its one page. */
const isNavigation = ({ method, url, headers }: FastifyRequest): boolean =>
  (method === 'GET' || method === 'HEAD') && !url.startsWith('/api/') && headers.accept?.includes('text/html') === true

/** Files under /assets carry a hash of their content in their name; all others are asked for anew each time. */
const cachingOf = (path: string): string => (path.includes('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache')

/**
 * Serves the built web app, and answers what no route knows: with the app's page where a browser navigates, else with
 * `not_found` as for anything that may not be seen. Files compressed beforehand (`.br`, `.gz`) are preferred.
 */
export async function serveWebApp(app: FastifyInstance, root: string): Promise<void> {
  const built = existsSync(join(root, 'index.html'))
  if (built) {
    await app.register(fastifyStatic, {
      root,
      cacheControl: false,
      dotfiles: 'ignore',
      preCompressed: true,
      setHeaders: (reply, path) => void reply.headers({ ...pageHeaders, 'cache-control': cachingOf(path) }),
    })
  }
  app.setNotFoundHandler((request: FastifyRequest, reply: FastifyReply) => {
    if (!isNavigation(request)) return sendProblem(new AppError('not_found'), request, reply)
    if (built) return reply.sendFile('index.html')
    return reply.code(503).headers(pageHeaders).type('text/plain; charset=utf-8').send(NOT_BUILT)
  })
}
