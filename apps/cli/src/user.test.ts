import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { type DatabaseSettings, eachDatabase } from '@biologidex/test-kit/databases'
import { PASSWORD, sessionOf, startTestServer } from '@biologidex/test-kit/test-server'
import { describe, expect, it } from 'vitest'

const MAIN = join(import.meta.dirname, 'main.ts')
const NEXT = 'a better one, surely'

interface Said {
  readonly code: number
  readonly out: string
  readonly err: string
}

/** Runs the command as a person does, for the server of these settings. */
function biologidex(database: DatabaseSettings, args: string[], more: Record<string, string> = {}): Promise<Said> {
  const { PATH } = process.env
  const place = { DATA_DIR: database.dataDir, ...(database.databaseUrl ? { DATABASE_URL: database.databaseUrl } : {}) }
  return new Promise((resolve) => {
    execFile(process.execPath, [MAIN, ...args], { env: { PATH, ...place, ...more } }, (error, out, err) => {
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, out, err })
    })
  })
}

const tokenIn = ({ out }: Said): string => /\/reset#([A-Za-z0-9_-]{43})\n/.exec(out)?.[1] ?? ''

eachDatabase((_name, databases) => {
  describe('biologidex user', () => {
    it('lets in somebody who forgot the password, while the server runs and without mail', async () => {
      const database = await databases.settings()
      const server = await startTestServer(database)
      const before = sessionOf(await server.signUp('ada', 'bearer'))
      const said = await biologidex(database, ['user', 'reset', 'ADA'], { PUBLIC_ORIGIN: 'https://dex.example.org' })
      expect(said).toMatchObject({ code: 0, err: '' })
      expect(said.out).toContain('https://dex.example.org/reset#')
      const body = { token: tokenIn(said), password: NEXT }
      expect((await server.ask('POST', '/api/v2/password-resets', { body })).json).toEqual({ username: 'ada' })
      expect((await server.ask('GET', '/api/v2/sessions/current', { headers: before })).status).toBe(401)
      await server.close()
    })

    it('adds people and names them, while no server runs', async () => {
      const database = await databases.settings()
      expect((await biologidex(database, ['user', 'list'])).out).toBe('Nobody has an account here yet.\n')
      const added = await biologidex(database, ['user', 'add', 'grace'], { PORT: '4711' })
      expect(added.out).toContain('http://localhost:4711/reset#')
      await biologidex(database, ['user', 'add', 'mary', '--guardian', 'grace'])
      await biologidex(database, ['user', 'add', 'rosalind', '--admin'])
      const { out } = await biologidex(database, ['user', 'list'])
      const lines = out.trim().split('\n')
      expect(lines.map((line) => line.split(/\s+/).slice(0, 2))).toEqual([
        ['grace', 'admin'],
        ['mary', 'managed'],
        ['rosalind', 'admin'],
      ])
      const server = await startTestServer(database)
      const body = { token: tokenIn(added), password: PASSWORD }
      expect((await server.ask('POST', '/api/v2/password-resets', { body })).status).toBe(200)
      const signIn = { username: 'grace', password: PASSWORD, device: 'test', session: 'bearer' }
      expect((await server.ask('POST', '/api/v2/sessions', { body: signIn })).status).toBe(200)
      await server.close()
    })

    it('says in one sentence why it cannot', async () => {
      const database = await databases.settings()
      await biologidex(database, ['user', 'add', 'grace'])
      const cases: [string[], string][] = [
        [['user', 'reset', 'nobody'], 'Nobody here is called nobody.'],
        [['user', 'add', 'Grace'], 'That user name is taken.'],
        [['user', 'add', 'kim', '--guardian', 'nobody'], 'Nobody here is called nobody.'],
        [['user', 'add', 'a b'], 'cannot be a user name'],
      ]
      for (const [args, words] of cases) {
        const { code, out, err } = await biologidex(database, args)
        expect([code, out]).toEqual([1, ''])
        expect(err).toContain(words)
        expect(err.trim()).not.toContain('\n')
      }
    })
  })
})

describe('biologidex', () => {
  it('makes no database where there is none', async () => {
    const nowhere = { dataDir: join(import.meta.dirname, 'no-such-folder'), databaseUrl: undefined }
    const { code, err } = await biologidex(nowhere, ['user', 'list'])
    expect(code).toBe(1)
    expect(err).toMatch(/^There is no database of a server in .*no-such-folder \(DATA_DIR\)\./)
  })

  it('names settings that cannot be used, and commands that are meant', async () => {
    const here = { dataDir: '.', databaseUrl: undefined }
    expect((await biologidex(here, ['user', 'list'], { PORT: 'x' })).err).toMatch(/PORT/)
    expect((await biologidex(here, ['user', 'rest', 'x'])).err).toContain('Did you mean reset?')
  })
})
