import { type ChildProcess, spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { appendFile, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { nodePorts } from '@biologidex/client/adapters/node'
import { createEngine } from '@biologidex/client/engine'
import { anyDatabase } from '@biologidex/test-kit/databases'
import { type Announced, PictureClient } from '@biologidex/test-kit/picture-client'
import * as pictures from '@biologidex/test-kit/pictures'
import { startTestServer, type TestServer } from '@biologidex/test-kit/test-server'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'

const PROGRAM = fileURLToPath(new URL('../main.ts', import.meta.url))
const PASSWORD = 'long enough'
const FOX = { animal: { scientificName: 'Vulpes vulpes' } }
/** Planted in a private note: nothing that the mirror keeps for itself may hold it. */
const SECRET = 'The nest is in the hollow oak'

/** The forms in which something might lie in a file: as text in UTF-8 and UTF-16, and a number as programs and SQLite hold it. */
function formsOf(secret: string | number): Buffer[] {
  const texts = [Buffer.from(String(secret)), Buffer.from(String(secret), 'utf16le')]
  if (typeof secret === 'string') return texts
  const [little, big] = [Buffer.alloc(8), Buffer.alloc(8)]
  little.writeDoubleLE(secret)
  big.writeDoubleBE(secret)
  return [...texts, little, big]
}

/** A line to the server on which requests for pictures can come to grief. */
class Line {
  /** Called for each request; answers true when it is to get no answer. */
  cuts: (path: string) => boolean = () => false
  readonly #http

  constructor(port: number) {
    this.#http = createServer((incoming, answer) => {
      if (this.cuts(incoming.url ?? '')) answer.destroy()
      else this.#pass(port, incoming, answer)
    })
  }

  #pass(port: number, incoming: IncomingMessage, answer: ServerResponse): void {
    const { method, url: path, headers } = incoming
    const onward = request({ host: '127.0.0.1', port, method, path, headers, agent: false }, (back) => {
      answer.writeHead(back.statusCode ?? 502, back.headers)
      answer.flushHeaders()
      answer.on('close', () => onward.destroy())
      back.on('error', () => answer.destroy()).pipe(answer)
    })
    incoming.pipe(onward).on('error', () => answer.destroy())
  }

  async open(): Promise<string> {
    await once(this.#http.listen(0, '127.0.0.1'), 'listening')
    return `http://127.0.0.1:${(this.#http.address() as AddressInfo).port}`
  }

  close(): void {
    this.#http.closeAllConnections()
    this.#http.close()
  }
}

interface Ran {
  readonly code: number | null
  readonly out: string
  readonly err: string
}

/** Every file below a folder: path to content, as far as a test compares it. */
async function filesIn(dir: string): Promise<Map<string, string>> {
  const names = await readdir(dir, { recursive: true, withFileTypes: true })
  const files = names.filter((one) => one.isFile()).map((one) => join(one.parentPath, one.name))
  const read = async (path: string) => [path.slice(dir.length + 1), (await readFile(path)).toString('base64')] as const
  return new Map(await Promise.all(files.sort().map(read)))
}

anyDatabase((databases) => {
  let server: TestServer
  let line: Line
  let url: string
  beforeAll(async () => {
    server = await startTestServer(await databases.settings())
    line = new Line(Number(new URL(server.url).port))
    url = await line.open()
  })
  afterAll(async () => {
    line.close()
    await server.close()
  })

  describe('biologidex mirror', () => {
    let home: string
    let dir: string
    let phone: PictureClient
    let user: string
    const children = new Set<ChildProcess>()

    beforeEach(async () => {
      home = await mkdtemp(join(tmpdir(), 'biologidex-home-'))
      dir = join(home, 'my dex')
      phone = await PictureClient.signUp(server.url)
      const row = await server.ctx.db.read.selectFrom('accounts').select('username').where('id', '=', phone.account).execute()
      user = row[0]?.username ?? ''
    })
    afterEach(async () => {
      line.cuts = () => false
      for (const child of children) child.kill('SIGKILL')
      await rm(home, { recursive: true })
    })

    function start(args: string[], stdin = ''): { child: ChildProcess; ended: Promise<Ran> } {
      const env = { ...process.env, XDG_CONFIG_HOME: join(home, 'config'), XDG_STATE_HOME: join(home, 'state') }
      const child = spawn(process.execPath, [PROGRAM, 'mirror', ...args], { env })
      children.add(child)
      let [out, err] = ['', '']
      child.stdout.on('data', (piece) => (out += String(piece)))
      child.stderr.on('data', (piece) => (err += String(piece)))
      child.stdin.on('error', () => undefined).end(stdin)
      const ended = once(child, 'close').then(([code]): Ran => ({ code: code as number | null, out, err }))
      return { child, ended }
    }
    const run = (args: string[] = [dir], stdin?: string) => start(args, stdin).ended
    const first = (args: string[] = [dir, '--server', url, '--user', user]) => run(args, `${PASSWORD}\n`)

    async function kept(seed: number, set: Record<string, unknown> = FOX): Promise<Announced> {
      const one = await phone.announce(await pictures.photograph({ width: 60, height: 40, seed }))
      await phone.mutate('entry', one.entry, 'update', set)
      await phone.upload(one)
      return one
    }
    const settled = () => server.ctx.jobs.idle()
    const paths = async () => [...(await filesIn(dir)).keys()].filter((path) => !path.startsWith('.biologidex/'))

    it('writes the dex as plain files, for its owner alone, and then says that nothing has changed', async () => {
      const one = await kept(1, { ...FOX, note: 'By the pond.', privateNote: SECRET })
      await kept(2)
      await settled()
      const ran = await first()
      expect(ran).toMatchObject({ code: 0, out: expect.stringContaining('2 entries') })
      expect(ran.err).toMatch(/2 of 2/)
      expect(await paths()).toHaveLength(5)
      const folder = (await paths()).find((path) => path.includes(one.entry.slice(0, 8)))?.split('/')[1] ?? ''
      expect(folder).toMatch(/^\d{4}-[a-z0-9-]+-[0-9a-f]{8}$/)
      const picture = await readFile(join(dir, 'entries', folder, `${one.image.slice(0, 8)}.jpg`))
      expect(picture.equals(Buffer.from(one.bytes))).toBe(true)
      const json = JSON.parse(await readFile(join(dir, 'entries', folder, 'entry.json'), 'utf8')) as Record<string, unknown>
      expect(json).toMatchObject({
        format: 1,
        entry: { id: one.entry, note: 'By the pond.', privateNote: SECRET },
        animal: { scientificName: 'Vulpes vulpes' },
        files: { [one.image]: `${one.image.slice(0, 8)}.jpg` },
      })
      for (const found of await readdir(dir, { recursive: true, withFileTypes: true })) {
        const { mode } = await stat(join(found.parentPath, found.name))
        expect(mode & 0o777).toBe(found.isFile() ? 0o600 : 0o700)
      }
      const before = await filesIn(dir)
      const times = await Promise.all([...before.keys()].map(async (path) => (await stat(join(dir, path))).mtimeMs))
      const again = await run()
      expect(again).toMatchObject({ code: 0, out: expect.stringContaining('Nothing has changed') })
      expect(await filesIn(dir)).toEqual(before)
      expect(await Promise.all([...before.keys()].map(async (path) => (await stat(join(dir, path))).mtimeMs))).toEqual(times)
    })

    it('keeps token and key in the config folder, mode 0600, and nothing secret in its store', async () => {
      await kept(3, { privateNote: SECRET, place: { lat: 52.436_761, lon: 13.645_389 } })
      await settled()
      expect(await first()).toMatchObject({ code: 0 })
      const config = join(home, 'config/biologidex')
      expect((await stat(config)).mode & 0o777).toBe(0o700)
      for (const name of await readdir(config)) expect((await stat(join(config, name))).mode & 0o777).toBe(0o600)
      const { token } = JSON.parse(await readFile(join(config, 'session.json'), 'utf8')) as { token: string }
      const store = await filesIn(join(home, 'state'))
      expect(store.size).toBeGreaterThan(0)
      const needles = [SECRET, token, 52.436_761, 13.645_389].flatMap(formsOf)
      for (const content of store.values()) {
        const bytes = Buffer.from(content, 'base64')
        expect(needles.filter((needle) => bytes.includes(needle))).toEqual([])
      }
    })

    it('rewrites only what changed, renames with the name, and removes what is gone', async () => {
      const [same, noted, gone] = [await kept(4), await kept(5, {}), await kept(6)]
      await settled()
      await first()
      const before = await filesIn(dir)
      await phone.mutate('entry', noted.entry, 'update', { note: 'At dusk.', animal: { scientificName: 'Meles meles' } })
      await phone.mutate('entry', gone.entry, 'delete')
      line.cuts = (path) => path.endsWith('/original')
      expect(await run()).toMatchObject({ code: 0 })
      const after = await filesIn(dir)
      const of = (files: Map<string, string>, { entry }: Announced) =>
        [...files].filter(([path]) => path.includes(entry.slice(0, 8)))
      expect(of(after, same)).toEqual(of(before, same))
      expect(of(after, gone)).toEqual([])
      expect(of(after, noted)).toHaveLength(2)
      expect(of(after, noted).some(([path]) => path.includes('unnamed'))).toBe(false)
      const folders = await readdir(join(dir, 'entries'))
      expect(folders).toHaveLength(2)
    })

    it('never touches a file that it did not write, or that was changed since', async () => {
      const [one, other] = [await kept(7), await kept(8)]
      await mkdir(dir)
      await writeFile(join(dir, 'diary.txt'), 'mine')
      await settled()
      expect(await first()).toMatchObject({ code: 0 })
      const json = join(
        dir,
        (await paths()).find((path) => path.includes(one.entry.slice(0, 8)) && path.endsWith('json')) ?? '',
      )
      await appendFile(json, 'my own words')
      await writeFile(join(json, '../sketch.png'), 'mine too')
      await phone.mutate('entry', one.entry, 'update', { note: 'Changed on the phone.' })
      await phone.mutate('entry', other.entry, 'delete')
      const ran = await run()
      expect(ran).toMatchObject({ code: 4, out: expect.stringContaining('Left as it is') })
      expect(await readFile(json, 'utf8')).toContain('my own words')
      await phone.mutate('entry', one.entry, 'delete')
      await run()
      expect(await paths()).toEqual([
        'dex.json',
        'diary.txt',
        join(json.slice(dir.length + 1)),
        join(json.slice(dir.length + 1), '../sketch.png'),
      ])
    })

    it('leaves the folder of another account as it is', async () => {
      await kept(70)
      await settled()
      expect(await first()).toMatchObject({ code: 0 })
      expect(await run(['--sign-out'])).toMatchObject({ code: 0 })
      const before = await filesIn(dir)
      phone = await PictureClient.signUp(server.url)
      const rows = await server.ctx.db.read.selectFrom('accounts').select('username').where('id', '=', phone.account).execute()
      const other = [dir, '--server', url, '--user', rows[0]?.username ?? '']
      expect(await first(other)).toMatchObject({ code: 1, err: expect.stringContaining(`holds the dex of ${user}`) })
      expect(await filesIn(dir)).toEqual(before)
    })

    it('goes on after the line broke, and after a kill at any picture', async () => {
      const all = []
      for (let i = 0; i < 6; i += 1) all.push(await kept(20 + i))
      await settled()
      let asked = 0
      line.cuts = (path) => (asked += Number(path.endsWith('/original'))) > 2
      const broken = await first()
      expect(broken).toMatchObject({ code: 3, err: expect.stringContaining('The next run goes on from there') })
      for (const at of [1, 2, 3]) {
        let seen = 0
        const { child, ended } = start([dir])
        line.cuts = (path) => {
          if (!path.endsWith('/original') || ++seen < at) return false
          child.kill('SIGKILL')
          return true
        }
        await ended
      }
      line.cuts = () => false
      expect(await run()).toMatchObject({ code: 0 })
      const files = await filesIn(dir)
      for (const { image, bytes } of all) {
        const [, content] = [...files].find(([path]) => path.endsWith(`${image.slice(0, 8)}.jpg`)) ?? []
        expect(Buffer.from(content ?? '', 'base64').equals(Buffer.from(bytes))).toBe(true)
      }
      expect(await readdir(join(dir, '.biologidex'))).toEqual(['written.jsonl'])
      expect(await run()).toMatchObject({ code: 0, out: expect.stringContaining('Nothing has changed') })
    })

    it('ends cleanly at Ctrl-C, and goes on later', async () => {
      for (let i = 0; i < 3; i += 1) await kept(30 + i)
      await settled()
      let stopped = false
      let child: ChildProcess | undefined
      line.cuts = (path) => {
        if (!stopped && path.endsWith('/original')) stopped = child?.kill('SIGINT') ?? false
        return false
      }
      const started = start([dir, '--server', url, '--user', user], `${PASSWORD}\n`)
      child = started.child
      expect(await started.ended).toMatchObject({ code: 130, err: expect.stringContaining('Stopped') })
      expect(await run()).toMatchObject({ code: 0 })
      expect(await paths()).toHaveLength(7)
    })

    it('says in plain words what is wrong', async () => {
      expect(await run([dir])).toMatchObject({ code: 2, err: expect.stringContaining('--server') })
      expect(await run([dir, '--server', 'ftp://x', '--user', user])).toMatchObject({
        code: 1,
        err: expect.stringContaining('address'),
      })
      const wrong = await run([dir, '--server', url, '--user', user], 'not the password\n')
      expect(wrong).toMatchObject({ code: 2, err: expect.stringContaining('do not match') })
      expect(await run([dir, '--server', url, '--user', user])).toMatchObject({
        code: 2,
        err: expect.stringContaining('password'),
      })
      const nobody = await run([dir, '--server', 'http://127.0.0.1:9', '--user', user], `${PASSWORD}\n`)
      expect(nobody).toMatchObject({ code: 3 })
      for (const { err } of [wrong, nobody]) expect(err).not.toMatch(/\n\s+at /)
      expect(await first()).toMatchObject({ code: 0 })
      expect(await run([dir, '--user', 'somebody'])).toMatchObject({ code: 2, err: expect.stringContaining('Sign out first') })
      line.cuts = () => true
      expect(await run()).toMatchObject({ code: 3, err: expect.stringContaining('cannot be reached') })
    })

    it('asks for the password again when the session has ended, and keeps what it has', async () => {
      await kept(40)
      await settled()
      await first()
      const before = await filesIn(dir)
      await server.ctx.db.write((tx) => tx.q.deleteFrom('sessions').where('device_name', 'like', 'Mirror on%').execute())
      expect(await run()).toMatchObject({ code: 2, err: expect.stringContaining('has ended') })
      expect(await filesIn(dir)).toEqual(before)
      expect(await run([dir], `${PASSWORD}\n`)).toMatchObject({ code: 0, out: expect.stringContaining('Nothing has changed') })
    })

    it('does not sign out over what only this machine has, until it was sent or its owner says so', async () => {
      await first()
      const engine = createEngine(
        nodePorts({
          account: phone.account,
          dir: join(home, 'state/biologidex/store'),
          keyFile: join(home, 'config/biologidex/key'),
          // Nobody is there.
          baseUrl: 'http://127.0.0.1:1',
          token: '',
        }),
        phone.account,
      )
      await engine.start()
      await engine.mutate([{ type: 'entry', id: randomUUID(), op: 'create', set: { note: { to: 'Only here.' } } }])
      await engine.stop()
      const before = await filesIn(home)
      expect(await run(['--sign-out'])).toMatchObject({
        code: 1,
        err: expect.stringContaining('Only on this machine: 1 change.'),
      })
      expect([...(await filesIn(home)).keys()]).toEqual([...before.keys()])
      expect(await run([dir])).toMatchObject({ code: 0, out: expect.stringContaining('1 entry') })
      expect(await run(['--sign-out'])).toMatchObject({ code: 0 })
    })

    it('drops what only this machine has when its owner says so', async () => {
      await first()
      await writeFile(join(home, 'config/biologidex/key'), 'not the key')
      expect(await run(['--sign-out'])).toMatchObject({ code: 1, err: expect.stringContaining('cannot be read') })
      expect(await run(['--drop-unsent'])).toMatchObject({ code: 1 })
      expect(await run(['--sign-out', '--drop-unsent'])).toMatchObject({ code: 0 })
      expect(await readdir(join(home, 'config/biologidex'))).toEqual([])
    })

    describe('when the store does not open', () => {
      const key = () => join(home, 'config/biologidex/key')
      const otherKey = () => writeFile(key(), `${'ab'.repeat(32)}\n`)

      async function mirrored(): Promise<{ before: Map<string, string>; old: string }> {
        for (const seed of [60, 61]) await kept(seed)
        await settled()
        expect(await first()).toMatchObject({ code: 0 })
        return { before: await filesIn(dir), old: await readFile(key(), 'utf8') }
      }

      it('says what to do when the key is gone, removes nothing, and goes on when it is back or anew', async () => {
        const { before, old } = await mirrored()
        await rm(key())
        for (const _ of [1, 2]) {
          const ran = await run()
          expect(ran).toMatchObject({ code: 1, err: expect.stringContaining('is gone') })
          expect(ran.err).toContain('mirror --sign-out')
          expect(ran.err).not.toMatch(/\n\s+at /)
          expect(await filesIn(dir)).toEqual(before)
        }
        await writeFile(key(), 'no key')
        expect(await run()).toMatchObject({ code: 1, err: expect.stringMatching(/holds no key.*\n.*--sign-out/) })
        await writeFile(key(), old)
        expect(await run()).toMatchObject({ code: 0, out: expect.stringContaining('Nothing has changed: 2 entries') })
        await rm(key())
        expect(await run(['--sign-out'])).toMatchObject({ code: 0 })
        expect(await first()).toMatchObject({ code: 0, out: expect.stringContaining('Nothing has changed: 2 entries') })
        expect(await filesIn(dir)).toEqual(before)
      })

      it('fetches its dex again with another key, removes nothing, and keeps what was not sent for the key that opens it', async () => {
        const { before, old } = await mirrored()
        const store = join(home, 'state/biologidex/store')
        const options = { account: phone.account, dir: store, baseUrl: 'http://127.0.0.1:9', token: '', keyFile: key() }
        const engine = createEngine(nodePorts(options), phone.account)
        await engine.start()
        const entry = randomUUID()
        await engine.mutate([{ type: 'entry', id: entry, op: 'create', set: { note: { to: 'Not sent yet.' } } }])
        await engine.stop()
        await otherKey()
        const ran = await run()
        expect(ran).toMatchObject({ code: 4, out: expect.stringContaining('Nothing has changed: 2 entries') })
        expect(ran.out).toContain('1 change or picture of an import cannot be sent')
        expect(await filesIn(dir)).toEqual(before)
        await writeFile(key(), old)
        expect(await run()).toMatchObject({ code: 0, out: expect.stringContaining('3 entries') })
        const names = (await paths()).filter((path) => path.includes(entry.slice(0, 8)))
        expect(names).toHaveLength(1)
      })

      it('removes nothing when the dex cannot be had again', async () => {
        const { before } = await mirrored()
        await otherKey()
        line.cuts = (path) => path.includes('/sync/pull')
        expect(await run()).toMatchObject({ code: 3 })
        line.cuts = () => false
        let pulls = 0
        line.cuts = (path) => path.includes('/sync/pull') && ++pulls > 1
        expect(await run()).toMatchObject({ code: 3, err: expect.stringContaining('What is in the folder is as it was') })
        expect(await filesIn(dir)).toEqual(before)
      })
    })

    it('signs out: session, key and store are gone, the folder stays', async () => {
      await kept(50)
      await settled()
      await first()
      const before = await filesIn(dir)
      const sessions = () =>
        server.ctx.db.read.selectFrom('sessions').select('id').where('account_id', '=', phone.account).execute()
      expect(await sessions()).toHaveLength(2)
      expect(await run(['--sign-out'])).toMatchObject({ code: 0, out: expect.stringContaining('Signed out') })
      expect(await sessions()).toHaveLength(1)
      expect(await readdir(join(home, 'config/biologidex'))).toEqual([])
      expect([...(await filesIn(join(home, 'state'))).keys()].filter((path) => !path.endsWith('.lock'))).toEqual([])
      expect(await filesIn(dir)).toEqual(before)
      expect(await run(['--sign-out'])).toMatchObject({ code: 0, out: expect.stringContaining('Nobody is signed in') })
      expect(await first()).toMatchObject({ code: 0, out: expect.stringContaining('Nothing has changed') })
    })
  })
})
