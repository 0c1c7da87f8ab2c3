import { createServer } from 'node:http'
import type { TestProject } from 'vitest/node'
import type {} from './databases.ts'
import { type PostgresServer, startPostgres } from './postgres-server.ts'

/**
 * Once for a whole test run: a desk on loopback that makes databases when a test file asks for one. PostgreSQL is started by the
 * first who asks, so that runs which need none don't wait for it.
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  let postgres: Promise<PostgresServer> | undefined
  const desk = createServer(async (_request, response) => {
    try {
      postgres ??= startPostgres(process.env.TEST_DATABASE_URL)
      response.end(await (await postgres).newDatabase())
    } catch (error) {
      response.writeHead(500).end(`PostgreSQL for the tests: ${error instanceof Error ? error.message : error}`)
    }
  })
  await new Promise<void>((resolve) => desk.listen(0, '127.0.0.1', resolve))
  const address = desk.address()
  if (typeof address !== 'object' || !address) throw new Error('the desk has no port')
  project.provide('postgresDesk', `http://127.0.0.1:${address.port}/`)
  return async () => {
    desk.closeAllConnections()
    desk.close()
    await (await postgres)?.stop()
  }
}
