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

  async function run(args: string[], stdin = '', device = home): Promise<{ code: unknown; out: string; err: string }> {
    const env = { ...process.env, XDG_CONFIG_HOME: join(device, 'config'), XDG_STATE_HOME: join(device, 'state') }
    const child = spawn(process.execPath, [PROGRAM, 'import', 'godot', dir, ...args], { env })
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
    // One of them came from this server.
    const kept = await phone.announce(fox.picture ?? Buffer.alloc(0), { mediaType: 'image/png' })
    await phone.mutate('entry', kept.entry, 'update', { animal: { scientificName: 'Lynx lynx' } })
    const entryId = (await phone.entry(kept.entry))?.publicId ?? ''
    const lynx = { index: 7, scientific: 'Lynx lynx', common: 'Eurasian lynx', entryId }
    await put(v2Files({ [ME]: [fox, moose, wren, lynx] }))
    const before = await trace(dir)
    const ran = await first('--yes')
    expect(ran).toMatchObject({ code: 0, out: expect.stringContaining('Brought in: 3 entries, 2 pictures.') })
    await server.ctx.jobs.idle()
    expect(await entries()).toMatchObject([
      { scientific_name: 'Alces alces', observed: null, visibility: 'friends', state: 'ready' },
      { scientific_name: 'Lynx lynx', id: kept.entry },
      { scientific_name: 'Troglodytes troglodytes', state: null },
      { scientific_name: 'Vulpes vulpes', observed: JSON.stringify({ at: '2025-05-01T07:10', zone: 120 }), state: 'ready' },
    ])
    expect(await trace(dir)).toEqual(before)
    const again = await run(['--yes'])
    expect(again).toMatchObject({ code: 0, out: expect.stringMatching(/Here already: 4[\s\S]*nothing to bring in/) })
    expect(await entries()).toHaveLength(4)
  })

  it('shows and asks first: a look, and a run with nobody to ask, write nothing', async () => {
    await put(v2Files({ [ME]: [fox, { ...wren, scientific: '\u001b[2JWren', common: 'Wr\u202een' }] }))
    const looked = await first('--dry-run')
    expect(looked.out).toContain('New entries are seen by your friends')
    expect(looked).toMatchObject({
      code: 0,
      out: expect.stringContaining('1 record would be brought in. Nothing was written.'),
    })
    expect(looked.out).toMatch(/Red fox \(Vulpes vulpes\)/)
    expect(looked.out).toMatch(/record_damaged/)
    // What a file says must not move a terminal.
    expect(looked.out).not.toContain('\u001b')
    const alone = await run([])
    expect(alone).toMatchObject({ code: 1, err: expect.stringContaining('Say --yes') })
    expect(await entries()).toEqual([])
  })

  it('takes only what is one’s own, and is told which that is; links are not followed; damage costs what is damaged', async () => {
    const files = v2Files({ [ME]: [fox, moose, wren], [FRIEND]: [{ ...moose, index: 77 }] })
    const list = `dex_data/${ME}_dex.json`
    files.set(list, files.get(list)?.subarray(0, -80) ?? Buffer.alloc(0))
    const picture = cachePath(ME, fox)
    const secret = files.get(picture) ?? Buffer.alloc(0)
    files.delete(picture)
    files.set(cachePath(ME, moose), files.get(cachePath(ME, moose))?.subarray(0, 50) ?? Buffer.alloc(0))
    await put(files)
    await writeFile(join(home, 'elsewhere.png'), secret)
    await symlink(join(home, 'elsewhere.png'), join(dir, picture))
    await symlink(home, join(dir, 'up'))
    const untold = await first('--yes')
    expect(untold).toMatchObject({ code: 0, out: expect.stringContaining('nothing to bring in') })
    expect(untold.out).toContain(`--user ${ME}`)
    expect(await run(['--yes', '--user', 'somebody'])).toMatchObject({ code: 1, err: expect.stringContaining(FRIEND) })
    const told = await run(['--yes', '--user', ME])
    expect(told).toMatchObject({ code: 0, out: expect.stringContaining('Brought in: 2 entries, 0 pictures.') })
    for (const code of [
      'link_not_followed',
      'file_damaged',
      'record_damaged',
      'picture_missing',
      'picture_damaged',
      'date_unknown',
    ])
      expect(told.out).toContain(code)
    expect(told.out).toMatch(/Somebody else’s: 1/)
    expect((await entries()).map(({ scientific_name }) => scientific_name)).toEqual(['Alces alces', 'Vulpes vulpes'])
  })

  it('two devices at the same time make the same entries, and what was deleted stays deleted', async () => {
    const { picture: _, ...unseen } = fox
    await put(v1Files([unseen, wren]))
    const args = ['--yes', '--server', server.url, '--account', user]
    const ran = await Promise.all(['laptop', 'desk'].map((device) => run(args, `${PASSWORD}\n`, join(home, device))))
    for (const { code, err } of ran) expect([code, err]).toEqual([0, expect.any(String)])
    expect(await entries()).toHaveLength(2)
    const [one] = await entries()
    if (one) await phone.mutate('entry', one.id, 'delete')
    expect(await run(['--yes'], '', join(home, 'desk'))).toMatchObject({
      code: 0,
      out: expect.stringMatching(/Here already: 1[\s\S]*Deleted by you: 1/),
    })
    expect(await entries()).toHaveLength(2)
  })
})
