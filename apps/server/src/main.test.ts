import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { anyDatabase, type Databases, eachDatabase } from '@biologidex/test-kit/databases'
import { describe, expect, it } from 'vitest'
import { SQLITE_FILE } from './db/open.ts'

const MAIN = join(import.meta.dirname, 'main.ts')
const PASSWORD = 'swordfish'

/** Runs the program as a person does, with these settings. */
function run(settings: Record<string, string | undefined>) {
  const { PATH } = process.env
  const child = spawn(process.execPath, [MAIN], { env: { PATH, HOST: '127.0.0.1', PORT: '0', ...settings } })
  let said = ''
  child.stdout.on('data', (bytes) => {
    said += bytes
  })
  child.stderr.on('data', (bytes) => {
    said += bytes
  })
  const exit = once(child, 'exit') as Promise<[number | null, string | null]>
  return {
    child,
    said: () => said,
    exit,
    /** Resolves with the address once it is open. */
    async open(): Promise<string> {
      for (;;) {
        const url = /is open at (\S+)/.exec(said)?.[1]
        if (url) return url
        const ended = await Promise.race([once(child.stdout, 'data').then(() => false), exit.then(() => true)])
        if (ended) throw new Error(`it ended: ${said}`)
      }
    },
  }
}

async function failure(settings: Record<string, string | undefined>): Promise<string> {
  const program = run(settings)
  const [code] = await program.exit
  expect(code).toBe(1)
  expect(program.said()).not.toMatch(/^\s+at /m)
  return program.said()
}

const place = async (databases: Databases) => {
  const { dataDir, databaseUrl } = await databases.settings()
  return { DATA_DIR: dataDir, DATABASE_URL: databaseUrl }
}

const ACCOUNT = { username: 'ada', password: 'correct horse', device: 'test', session: 'bearer' }
const post = (url: string, body: object) =>
  fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) })

/** Starts a server with an event stream open, and tells it to stop: answers how it ended and what it had said. */
async function stopWith(signal: 'SIGTERM' | 'SIGINT', databases: Databases) {
  const program = run(await place(databases))
  const url = await program.open()
  const signUp = await post(`${url}/api/v2/accounts`, ACCOUNT)
  const { token, account } = (await signUp.json()) as { token: string; account: { id: string } }
  const headers = { authorization: `Bearer ${token}` }
  const events = await fetch(`${url}/api/v2/sync/events?account=${account.id}`, { headers })
  program.child.kill(signal)
  const stream = await events.text()
  return { stream, exit: await program.exit, said: program.said() }
}

eachDatabase((_name, databases) => {
  it('ends open event streams and itself when it is told to', async () => {
    const { stream, exit, said } = await stopWith('SIGTERM', databases)
    expect(stream).toMatch(/^: open\n\n/)
    expect(exit).toEqual([0, null])
    expect(said).not.toContain(ACCOUNT.password)
  })

  it('has kept what it acknowledged when it is killed', async () => {
    const settings = await place(databases)
    const first = run(settings)
    expect((await post(`${await first.open()}/api/v2/accounts`, ACCOUNT)).status).toBe(200)
    first.child.kill('SIGKILL')
    await first.exit
    const second = run(settings)
    expect((await post(`${await second.open()}/api/v2/sessions`, ACCOUNT)).status).toBe(200)
    second.child.kill('SIGTERM')
    await second.exit
  })
})

anyDatabase((databases) => {
  it('ends when it is interrupted at the terminal', async () => {
    expect((await stopWith('SIGINT', databases)).exit).toEqual([0, null])
  })

  describe('a server that cannot start says why, and ends', () => {
    it('when a setting cannot be used', async () => {
      const said = await failure({ ...(await place(databases)), PORT: 'http', SIGNUP: 'maybe' })
      expect(said).toContain('PORT')
      expect(said).toContain('SIGNUP')
    })

    it('when the port is taken', async () => {
      const other = createServer()
      await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve))
      const { port } = other.address() as { port: number }
      expect(await failure({ ...(await place(databases)), PORT: String(port) })).toBe(
        `Port ${port} is in use. Stop what listens there, or choose another with PORT.\n`,
      )
      await new Promise((resolve) => other.close(resolve))
    })

    it('when the data folder cannot be one', async () => {
      const file = join((await place(databases)).DATA_DIR, 'a-file')
      await writeFile(file, '')
      const said = await failure({ DATA_DIR: join(file, 'data') })
      expect(said).toContain(`The data folder ${join(file, 'data')} (DATA_DIR) cannot be written to`)
    })

    it('when PostgreSQL is not there, without its password', async () => {
      const { DATA_DIR } = await place(databases)
      const said = await failure({ DATA_DIR, DATABASE_URL: `postgres://ada:${PASSWORD}@127.0.0.1:1/dex` })
      expect(said).toContain('The database at 127.0.0.1:1 (DATABASE_URL) cannot be opened')
      expect(said).not.toContain(PASSWORD)
    })

    it('when the file of the database is none', async () => {
      const { DATA_DIR } = await place(databases)
      await writeFile(join(DATA_DIR, SQLITE_FILE), 'this is a letter, not a database '.repeat(200))
      const said = await failure({ DATA_DIR })
      expect(said).toContain(`The database in ${DATA_DIR} (DATA_DIR) cannot be opened`)
    })
  })
})
