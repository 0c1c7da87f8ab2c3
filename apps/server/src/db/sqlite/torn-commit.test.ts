import { cp, mkdtemp, readFile, rm, truncate } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { PictureClient } from '@biologidex/test-kit/picture-client'
import * as pictures from '@biologidex/test-kit/pictures'
import { startTestServer, type TestServer } from '@biologidex/test-kit/test-server'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { SQLITE_FILE } from '../open.ts'

/** What precedes the frames of a write-ahead log, and the page in each of them. */
const LOG_HEADER = 32
const FRAME_HEADER = 24
const FRAME = FRAME_HEADER + 8192
/** All that a push, an upload and a job write. */
const TABLES = ['entries', 'revisions', 'images', 'uploads', 'jobs', 'feeds', 'feed_items', 'clients', 'mutations']

let folder: string
let server: TestServer
let phone: PictureClient

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'biologidex-torn-'))
  const settings = { dataDir: join(folder, 'data'), databaseUrl: undefined }
  const first = await startTestServer(settings)
  phone = await PictureClient.signUp(first.url)
  // What a first start writes is in the database when that is closed: the log begins anew, and is appended to only.
  await first.close()
  server = await startTestServer(settings)
  phone = phone.at(server.url)
})
afterAll(async () => {
  await server.close()
  await rm(folder, { recursive: true })
})

const data = () => join(folder, 'data', SQLITE_FILE)
const readLog = () =>
  readFile(`${data()}-wal`).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return Buffer.alloc(0)
    throw error
  })

/** What the database holds when its log ends after so many bytes, as a kill or a power cut may leave it. */
async function contentAt(bytes: number): Promise<string> {
  const path = join(folder, 'torn')
  for (const end of ['', '-wal']) await cp(data() + end, path + end)
  await rm(`${path}-shm`, { force: true })
  await truncate(`${path}-wal`, bytes)
  const db = new DatabaseSync(path)
  try {
    expect(db.prepare('PRAGMA quick_check').get()).toEqual({ quick_check: 'ok' })
    return JSON.stringify(TABLES.map((table) => db.prepare(`SELECT * FROM ${table}`).all()))
  } finally {
    db.close()
  }
}

/** Where the frames of a log begin, and which of them end a commit: those say how large the database is then. */
function framesOf(log: Buffer): { readonly start: number; readonly ends: boolean }[] {
  return Array.from({ length: Math.floor((log.length - LOG_HEADER) / FRAME) }, (_, at) => {
    const start = LOG_HEADER + at * FRAME
    return { start, ends: log.readUInt32BE(start + 4) > 0 }
  })
}

test('O8 wherever the log of the database breaks off, each commit of a push, an upload and a job is there whole or not at all', async () => {
  // Somebody who reads: the log is moved to the file by nobody meanwhile.
  const reader = new DatabaseSync(data(), { readOnly: true })
  reader.exec('BEGIN')
  reader.prepare('SELECT count(*) FROM accounts').get()
  const before = await readLog()
  const one = await phone.announce(await pictures.photograph({ width: 40, height: 30, seed: 2 }))
  await phone.upload(one)
  await server.ctx.jobs.idle()
  const frames = framesOf(await readLog()).filter(({ start }) => start >= before.length)
  const commits = frames.filter(({ ends }) => ends).length
  expect(commits).toBeGreaterThan(6)
  expect(frames.length).toBeGreaterThan(2 * commits)

  let stands = await contentAt(before.length)
  const seen = [stands]
  for (const { start, ends } of frames) {
    for (const cut of [start + FRAME_HEADER, start + FRAME / 2]) expect(await contentAt(cut)).toBe(stands)
    const now = await contentAt(start + FRAME)
    if (!ends) expect(now).toBe(stands)
    else if (now !== stands) seen.push(now)
    stands = now
  }
  expect(new Set(seen).size).toBe(seen.length)
  reader.close()
  expect(await phone.image(one)).toMatchObject({ state: 'ready' })
}, 60_000)
