import { execFile } from 'node:child_process'
import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { anyDatabase } from '@biologidex/test-kit/databases'
import { startTestServer } from '@biologidex/test-kit/test-server'
import { afterAll, beforeAll, expect, it } from 'vitest'

const MAIN = join(import.meta.dirname, '../main.ts')

interface Fixture {
  readonly password: string
  readonly accounts: readonly { id: string; username: string; token: string; entries: number }[]
}

anyDatabase((databases) => {
  let folder = ''
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'biologidex-demo-'))
  })
  afterAll(() => rm(folder, { recursive: true }))

  it('writes ids and tokens that open the accounts to a file for its maker alone, whatever was there', async () => {
    const { dataDir, databaseUrl } = await databases.settings()
    const env = { PATH: process.env.PATH, DATA_DIR: dataDir, ...(databaseUrl ? { DATABASE_URL: databaseUrl } : {}) }
    const file = join(folder, 'fixture.json')
    await writeFile(file, 'of another run, for everybody to read, and longer than what takes its place'.repeat(100))
    await chmod(file, 0o666)
    const size = ['--people', '3', '--entries', '5', '--own', '4']
    const said = await new Promise<{ code: unknown; out: string; err: string }>((resolve) => {
      const args = [MAIN, 'demo', ...size, '--fixture', file]
      execFile(process.execPath, args, { env }, (error, out, err) => resolve({ code: error?.code ?? 0, out, err }))
    })
    expect(said).toMatchObject({ code: 0, err: '' })
    expect((await stat(file)).mode & 0o777).toBe(0o600)
    expect(await readdir(folder)).toEqual(['fixture.json'])
    const { password, accounts } = JSON.parse(await readFile(file, 'utf8')) as Fixture
    expect(said.out).toContain(password)
    expect(accounts.map(({ username, entries }) => `${username}: ${entries} entries`)).toEqual(said.out.split('\n').slice(0, 3))
    expect(accounts.map(({ entries }) => entries)).toEqual([4, 5, 5])
    const server = await startTestServer({ dataDir, databaseUrl })
    for (const { id, token } of accounts) {
      const headers = { authorization: `Bearer ${token}` }
      expect((await server.ask('GET', '/api/v2/sessions/current', { headers })).json).toMatchObject({ account: { id } })
    }
    await server.close()
  }, 180_000)
})
