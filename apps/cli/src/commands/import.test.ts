import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { anyDatabase } from '@biologidex/test-kit/databases'
import {
  cachePath,
  type OldAnimal,
  type OldFiles,
  oldPicture,
  v1Files,
  v2Files,
  writeFiles,
} from '@biologidex/test-kit/old-client'
import { PictureClient } from '@biologidex/test-kit/picture-client'
import { startTestServer, type TestServer } from '@biologidex/test-kit/test-server'
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest'

const PROGRAM = fileURLToPath(new URL('../main.ts', import.meta.url))
const PASSWORD = 'long enough'
const ME = '0b3c4d5e-1111-4222-8333-444455556666'
const FRIEND = '9a8b7c6d-1111-4222-8333-444455556666'

anyDatabase((databases) => {
  let server: TestServer
  let fox: OldAnimal
  let moose: OldAnimal
  let wren: OldAnimal
  let phone: PictureClient
  let user: string
  let home: string
  let dir: string
  const children = new Set<ChildProcess>()

  beforeAll(async () => {
    server = await startTestServer(await databases.settings())
    const [one, two] = await Promise.all([oldPicture(1), oldPicture(2)])
    fox = { index: 3, scientific: 'Vulpes vulpes', common: 'Red fox', picture: one, caught: '2025-05-01T07:10:00+02:00' }
    moose = { index: 12, scientific: 'Alces alces', common: 'Moose', picture: two }
    wren = { index: 40, scientific: 'Troglodytes troglodytes', common: 'Wren' }
  })
  afterAll(() => server.close())
  beforeEach(async () => {
    home = await mkdtemp(join(tmpdir(), 'biologidex-home-'))
    dir = join(home, 'old')
    phone = await PictureClient.signUp(server.url)
    const row = await server.ctx.db.read.selectFrom('accounts').select('username').where('id', '=', phone.account).execute()
    user = row[0]?.username ?? ''
  })
  afterEach(async () => {
    for (const child of children) child.kill('SIGKILL')
    await rm(home, { recursive: true })
  })

  async function run(args: string[], stdin = '', from = dir): Promise<{ code: unknown; out: string; err: string }> {
    const env = { ...process.env, XDG_CONFIG_HOME: join(home, 'config'), XDG_STATE_HOME: join(home, 'state') }
    const child = spawn(process.execPath, [PROGRAM, 'import', 'godot', from, ...args], { env })
    children.add(child)
    let [out, err] = ['', '']
    child.stdout.on('data', (piece) => (out += String(piece)))
    child.stderr.on('data', (piece) => (err += String(piece)))
    child.stdin.on('error', () => undefined).end(stdin)
    const [code] = (await once(child, 'close')) as [unknown]
    return { code, out, err }
  }
  const first = (...args: string[]) => run(['--server', server.url, '--account', user, ...args], `${PASSWORD}\n`)
  const entries = () =>
    server.ctx.db.read
      .selectFrom('entries')
      .innerJoin('animals', 'animals.id', 'entries.animal_id')
      .leftJoin('images', (join) =>
        join.onRef('images.entry_id', '=', 'entries.id').onRef('images.owner_id', '=', 'entries.owner_id'),
      )
      .select(['scientific_name', 'observed', 'visibility', 'images.sha256', 'images.state', 'entries.id'])
      .where('entries.owner_id', '=', phone.account)
      .orderBy('scientific_name')
      .execute()
  /** Every file of a folder with its content and time. */
  async function trace(of: string): Promise<unknown[]> {
    const found = (await readdir(of, { recursive: true, withFileTypes: true })).filter((one) => one.isFile())
    return Promise.all(
      found.map(async ({ parentPath, name }) => {
        const path = join(parentPath, name)
        return [path, (await readFile(path)).toString('base64'), (await stat(path)).mtimeMs]
      }),
    )
  }
  const put = (files: OldFiles) => writeFiles(dir, files)

  it('brings a folder in, entries with their pictures, leaves it as it was, and a second time there is nothing new', async () => {
    await put(v2Files({ [ME]: [fox, moose, wren] }))
    const before = await trace(dir)
    const ran = await first('--yes')
    expect(ran).toMatchObject({ code: 0, out: expect.stringContaining('Brought in: 3 entries, 2 pictures.') })
    await server.ctx.jobs.idle()
    expect(await entries()).toMatchObject([
      { scientific_name: 'Alces alces', observed: null, visibility: 'friends', state: 'ready' },
      { scientific_name: 'Troglodytes troglodytes', state: null },
      { scientific_name: 'Vulpes vulpes', observed: JSON.stringify({ at: '2025-05-01T07:10', zone: 120 }), state: 'ready' },
    ])
    expect(await trace(dir)).toEqual(before)
    const again = await run(['--yes'])
    expect(again).toMatchObject({ code: 0, out: expect.stringMatching(/Here already: 3[\s\S]*nothing to bring in/) })
    expect(await entries()).toHaveLength(3)
  })
})
