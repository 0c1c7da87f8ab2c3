import type { RouteSpec } from '@biologidex/core/routes'
import { anyDatabase } from '@biologidex/test-kit/databases'
import { type Asked, LINES, NOTHING, specOf } from '@biologidex/test-kit/role-lines'
import { type Society, society } from '@biologidex/test-kit/society'
import { startTestServer, type TestServer } from '@biologidex/test-kit/test-server'
import { afterAll, beforeAll, expect, test } from 'vitest'

/** What may be asked as often as one likes. */
const FREE: ReadonlySet<string> = new Set(['server', 'current'])
/** After these the session is no more. */
const ENDING: ReadonlySet<string> = new Set(['signOut', 'endSession', 'endAllSessions'])

/** One at once of each kind, and then none for a day. */
const RATES = ['PULL', 'PUSH', 'PICTURE', 'EVENTS', 'SIGN_IN', 'PEOPLE', 'PEOPLE_NETWORK', 'V1_SYNC']
const ONE_A_DAY = Object.fromEntries(
  RATES.flatMap((rate) => [
    [`RATE_${rate}_BURST`, '1'],
    [`RATE_${rate}_PER_SECOND`, '0.00001'],
  ]),
)

anyDatabase((databases) => {
  let generous: TestServer
  let strict: TestServer
  let world: Society
  beforeAll(async () => {
    const settings = await databases.settings()
    generous = await startTestServer(settings)
    world = await society(generous)
    strict = await startTestServer(settings, ONE_A_DAY)
  }, 60_000)
  afterAll(async () => {
    await strict.close()
    await generous.close()
  })

  async function statusOf({ method, path: plain }: RouteSpec, { path = plain, body, headers }: Asked, session: object) {
    const json: Record<string, string> = body === undefined ? {} : { 'content-type': 'application/json' }
    const said = body === undefined ? {} : { body: JSON.stringify(body) }
    const answer = await fetch(strict.url + path, { method, headers: { ...json, ...headers, ...session }, ...said })
    await answer.body?.cancel()
    return answer.status
  }

  const routes = [...new Map(LINES.map((line) => [line.route, line])).values()]
  test.each(routes)('$route is limited where it should be (N3)', async ({ route, ask = NOTHING }) => {
    const session = await world.headersOf('owner')
    const asked = await ask(world, true)
    // The first may be refused by now: a network's limit, and an account's, are those of other routes too.
    await statusOf(specOf(route), asked, session)
    expect(await statusOf(specOf(route), asked, session)).toBe(ENDING.has(route) ? 401 : FREE.has(route) ? 200 : 429)
  })

  test('pulls, pushes, pictures and events have limits of their own, and another session too (N3)', async () => {
    const session = await world.headersOf('owner')
    const ask = async (route: string, headers: object) => {
      const line = LINES.find((one) => one.route === route)
      return statusOf(specOf(route), (await line?.ask?.(world, true)) ?? {}, headers)
    }
    const kinds = ['pull', 'push', 'rendition', 'events']
    for (const route of kinds) expect(await ask(route, session)).toBe(200)
    for (const route of kinds) expect(await ask(route, session)).toBe(429)
    const other = await world.headersOf('owner')
    for (const route of kinds) expect(await ask(route, other)).toBe(200)
  })
})
