import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openSqlite } from '@biologidex/server/db/sqlite/sqlite'
import type { TestProject } from 'vitest/node'
import { type Content, fill } from './fill.ts'
import { type PostgresServer, startPostgres } from './postgres-server.ts'

/** SQLite databases to copy, each filled when it is first asked for. */
class SqliteTemplates {
  #folder: Promise<string> | undefined
  readonly #files = new Map<Content, Promise<string>>()

  file(content: Content): Promise<string> {
    const filling = this.#files.get(content) ?? this.#fill(content)
    this.#files.set(content, filling)
    return filling
  }

  async #fill(content: Content): Promise<string> {
    this.#folder ??= mkdtemp(join(tmpdir(), 'biologidex-template-'))
    const file = join(await this.#folder, `${content}.sqlite`)
    await fill(await openSqlite(file), content)
    return file
  }

  async remove(): Promise<void> {
    if (this.#folder) await rm(await this.#folder, { recursive: true, force: true })
  }
}

/**
 * Once for a whole test run: a desk on loopback where test files ask for fresh databases (`/postgres/schema` answers the URL of
 * one, `/sqlite/schema` the path of a file to copy). PostgreSQL is started for the first who asks, so that runs which need
 * none don't wait for it.
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  let postgres: Promise<PostgresServer> | undefined
  const sqlite = new SqliteTemplates()

  async function serve(path: string): Promise<string> {
    const [, dialect, content] = path.split('/') as [string, string, Content]
    if (dialect === 'sqlite') return sqlite.file(content)
    postgres ??= startPostgres(process.env.TEST_DATABASE_URL)
    return (await postgres).newDatabase(content)
  }

  const desk = createServer((request, response) => {
    serve(request.url ?? '').then(
      (text) => response.end(text),
      (error: unknown) => response.writeHead(500).end(`No database for the tests: ${String(error)}`),
    )
  })
  await new Promise<void>((resolve) => desk.listen(0, '127.0.0.1', resolve))
  const address = desk.address()
  if (typeof address !== 'object' || !address) throw new Error('the desk has no port')
  project.provide('databaseDesk', `http://127.0.0.1:${address.port}`)
  return async () => {
    desk.closeAllConnections()
    desk.close()
    await sqlite.remove()
    await (await postgres)?.stop()
  }
}
