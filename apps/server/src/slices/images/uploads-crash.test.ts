import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type DatabaseSettings, eachDatabase } from '@biologidex/test-kit/databases'
import { type Announced, PictureClient } from '@biologidex/test-kit/picture-client'
import * as pictures from '@biologidex/test-kit/pictures'
import { startTestServer, type TestServer } from '@biologidex/test-kit/test-server'
import { afterEach, expect, it } from 'vitest'

const PROGRAM = fileURLToPath(import.meta.resolve('@biologidex/test-kit/dying-server'))
/** Where it dies. What lies on disk is the same beside either database: PostgreSQL sees those where rows and files part. */
const POINTS = ['arriving', 'arrived', 'verified', 'kept', 'developed'] as const
const AT_ROWS = POINTS.slice(3)
/** Bytes that are on disk when a server is killed with a picture arriving. */
const SOME = 3_000

eachDatabase((name, databases) => {
  const points = name === 'SQLite' ? POINTS : AT_ROWS
  let child: ChildProcess | undefined
  let server: TestServer | undefined
  afterEach(async () => {
    child?.kill('SIGKILL')
    await server?.close()
  })

  /** A server in a process of its own, with a point at which it dies. */
  async function startDying({ dataDir, databaseUrl = '' }: DatabaseSettings, point: string): Promise<string> {
    const env = { ...process.env, DATA_DIR: dataDir, DATABASE_URL: databaseUrl, PORT: '0', LOG_LEVEL: 'silent', DIE_AT: point }
    const started = spawn(process.execPath, [PROGRAM], { env, stdio: ['ignore', 'pipe', 'inherit'] })
    child = started
    const [line] = (await once(started.stdout, 'data')) as [Buffer]
    return line.toString().trim()
  }

  /** Some of the picture is on disk. */
  async function arriving(dataDir: string): Promise<boolean> {
    const folder = join(dataDir, 'drafts')
    const sizes = (await readdir(folder)).map(async (name) => (await stat(join(folder, name))).size)
    return (await Promise.all(sizes)).includes(SOME)
  }

  /** Uploads to a server that dies on the way; resolves when it is dead. */
  async function uploadUntilItDies(phone: PictureClient, one: Announced, point: string, dataDir: string): Promise<void> {
    const dying = child
    if (!dying) throw new Error('no server')
    const dead = once(dying, 'exit')
    await phone.create(one)
    const line = phone.hang(one, 0, point === 'arriving' ? SOME : one.bytes.length)
    if (point === 'arriving') {
      await expect.poll(() => arriving(dataDir)).toBe(true)
      dying.kill('SIGKILL')
    }
    expect(await dead).toEqual([null, 'SIGKILL'])
    line.cut()
  }

  it('loses nothing when it is killed, wherever a picture is on its way in', async () => {
    const settings = await databases.settings()
    let phone = await PictureClient.signUp(await startDying(settings, points[0] ?? ''))
    const sent: Announced[] = []
    for (const [seed, point] of points.entries()) {
      if (seed > 0) phone = phone.at(await startDying(settings, point))
      const one = await phone.announce(await pictures.photograph({ width: 300, height: 200, orientation: 3, seed }))
      await uploadUntilItDies(phone, one, point, settings.dataDir)
      sent.push(one)
    }
    // What a dead process held is taken over when its lease has run out: no test waits for that.
    const db = await databases.open(settings)
    expect(await db.read.selectFrom('jobs').select('attempts').execute()).toEqual([{ attempts: 1 }])
    await db.write((tx) => tx.q.updateTable('jobs').set({ claimed_until: 1 }).execute())
    await db.close()

    server = await startTestServer(settings)
    phone = phone.at(server.url)
    for (const [i, one] of sent.entries()) {
      const { offset } = await phone.standing(one)
      expect(offset).toBe(points[i] === 'arriving' ? SOME : one.bytes.length)
      if (points[i] === 'arriving') expect(await phone.append(one, SOME)).toMatchObject({ status: 204 })
    }
    await server.ctx.jobs.idle()
    for (const one of sent) {
      expect(await phone.image(one)).toMatchObject({ state: 'ready', width: 300, height: 200 })
      expect(Buffer.compare((await phone.picture(one, 'original')).body, Buffer.from(one.bytes))).toBe(0)
      expect((await phone.picture(one, 'wall')).status).toBe(200)
    }
    expect(await server.ctx.db.read.selectFrom('jobs').selectAll().execute()).toEqual([])
    expect(await server.ctx.db.read.selectFrom('uploads').selectAll().execute()).toEqual([])
    expect(await readdir(join(settings.dataDir, 'drafts'))).toEqual([])
  }, 60_000)
})
