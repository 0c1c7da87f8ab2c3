import { execFile } from 'node:child_process'
import { createHash, randomUUID } from 'node:crypto'
import { readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { SessionView } from '@biologidex/core/accounts/account'
import { PictureClient } from '@biologidex/test-kit/picture-client'
import { startTestServer, type TestServer } from '@biologidex/test-kit/test-server'
import { unpack, YESTERDAYS } from '@biologidex/test-kit/yesterdays'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

const PROGRAM = join(import.meta.dirname, '../main.ts')

describe.each(YESTERDAYS)('a mirror of $version', (yesterday) => {
  const { username, password } = yesterday
  let [dataDir, home] = ['', '']
  let server: TestServer

  beforeAll(async () => {
    dataDir = await unpack(yesterday, 'server')
    home = await unpack(yesterday, 'mirror')
    server = await startTestServer({ dataDir, databaseUrl: undefined })
    // The server's address is this machine's, and the session of then may have ended.
    const file = join(home, 'config', 'biologidex', 'session.json')
    const { token: _, ...session } = JSON.parse(await readFile(file, 'utf8')) as Record<string, string>
    await writeFile(file, JSON.stringify({ ...session, server: server.url }))
  })
  afterAll(async () => {
    await server.close()
    for (const folder of [dataDir, home]) await rm(folder, { recursive: true })
  })

  function run(): Promise<string> {
    const env = { ...process.env, XDG_CONFIG_HOME: join(home, 'config'), XDG_STATE_HOME: join(home, 'state') }
    return new Promise((resolve, reject) => {
      const child = execFile(process.execPath, [PROGRAM, 'mirror', join(home, 'dex')], { env }, (error, out, told) =>
        error ? reject(new Error(told)) : resolve(out),
      )
      child.stdin?.end(`${password}\n`)
    })
  }

  /** The originals in the folder: their checksums, and when they were written. */
  async function originals(): Promise<{ sums: string[]; written: Set<number> }> {
    const files = await readdir(join(home, 'dex', 'entries'), { recursive: true, withFileTypes: true })
    const pictures = files.filter(({ name }) => name.endsWith('.jpg')).map((file) => join(file.parentPath, file.name))
    const sums = pictures.map(async (path) =>
      createHash('sha256')
        .update(await readFile(path))
        .digest('hex'),
    )
    const written = pictures.map(async (path) => (await stat(path)).mtimeMs)
    return { sums: (await Promise.all(sums)).sort(), written: new Set(await Promise.all(written)) }
  }

  test('knows its folder and its store: nothing is fetched or written again but what is new', async () => {
    const kept = yesterday.entries.flatMap(({ pictures }) => pictures).sort()
    const before = await originals()
    expect(before.sums).toEqual(kept)
    await run()
    expect(await originals()).toEqual(before)

    const answer = await server.ask('POST', '/api/v2/sessions', {
      body: { username, password, device: 'test', session: 'bearer' },
    })
    const phone = new PictureClient(server.url, answer.json as unknown as SessionView)
    const id = randomUUID()
    await phone.mutate('entry', id, 'create', { note: 'Today.', visibility: 'private' })
    expect(await run()).toMatch(/5 entries in .*, 0 removed/)
    expect((await readdir(join(home, 'dex', 'entries'))).some((name) => name.includes(id.slice(0, 8)))).toBe(true)
    expect(await originals()).toEqual(before)
  })
})
