import { randomBytes, randomUUID } from 'node:crypto'
import { mkdtempSync } from 'node:fs'
import { readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { FieldChange } from '@biologidex/core/sync/mutation'
import { befriended, readyPicture, TestDevice } from '@biologidex/test-kit/dex'
import { accountOf, PASSWORD, sessionOf, startTestServer, type TestServer } from '@biologidex/test-kit/test-server'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { createEngine } from '../engine.ts'
import type { Engine } from '../face.ts'
import type { Ports } from '../ports.ts'
import { nodePorts } from './node.ts'
import { sqliteStore } from './sqlite.ts'

const word = (): string => randomBytes(18).toString('base64url')

let folder = ''
let home = ''
let server: TestServer
/** Whose dex it is, with his session. */
let owner: TestDevice
let headers: Record<string, string>
/** Mara's client: what is sealed otherwise lies plain in its store, so that it can be looked for. */
let ports: Ports
let engine: Engine
let entry = ''
let needles: Record<
  'note' | 'place' | 'picture' | 'animal' | 'id of the entry' | 'id of the picture' | 'account' | 'name',
  string
>

const PLACE = { lat: 47.318462913, lon: 8.739184627, accuracy: 5 }
const set = (fields: Record<string, unknown>) =>
  Object.fromEntries(Object.entries(fields).map(([field, to]) => [field, { to } as FieldChange]))

/** An entry that friends see, with a picture that says these words. */
async function keep(
  scientificName: string,
  words: string,
  fields: Record<string, unknown>,
): Promise<[entry: string, image: string]> {
  const id = randomUUID()
  await owner.push([owner.change('entry', id, 'create', set({ animal: { scientificName }, visibility: 'friends', ...fields }))])
  const bytes = Buffer.from(words)
  return [id, await readyPicture(owner, id, { sha256: await server.ctx.blobs.put(bytes), size: bytes.length })]
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'biologidex-withdrawal-'))
  server = await startTestServer({ dataDir: join(folder, 'server'), databaseUrl: undefined })
  await server.signUp('admin', 'bearer')
})
afterAll(async () => {
  await server.close()
  await rm(folder, { recursive: true })
})

beforeEach(async () => {
  home = mkdtempSync(join(folder, 'mara-'))
  const name = `jonas${randomBytes(6).toString('hex')}`
  const [jonas, mara] = [
    await server.signUp(name, 'bearer'),
    await server.signUp(`mara${randomBytes(6).toString('hex')}`, 'bearer'),
  ]
  headers = sessionOf(jonas)
  owner = new TestDevice(server.ctx, accountOf(jonas))
  await befriended(owner, new TestDevice(server.ctx, accountOf(mara)))
  await update('setting', owner.account, 'friendsPrecision', 'area', 'exact')
  // As many as lie as a page.
  for (let n = 0; n < 9; n += 1) await keep('Ardea cinerea', `picture ${n}`, { note: `stays ${n}` })
  const [note, picture, animal] = [word(), word(), `Testudo ${randomBytes(6).toString('hex').replaceAll(/\d/g, 'x')}`]
  const [id, image] = await keep(animal, picture, { note, place: PLACE })
  entry = id
  needles = {
    note,
    place: String(PLACE.lat),
    picture,
    animal,
    'id of the entry': id,
    'id of the picture': image,
    account: owner.account,
    name,
  }
  const [account, dir] = [accountOf(mara), home]
  const places = { dir, keyFile: join(folder, 'key') }
  const sealed = nodePorts({ account, baseUrl: server.url, token: String(mara.json.token), ...places })
  await sealed.store.close()
  ports = { ...sealed, store: sqliteStore(join(dir, 'accounts'), account) }
  engine = createEngine(ports, account)
  await engine.start()
  await engine.syncNow()
  const view = await engine.openDex(owner.account)
  const [shown] = view.entries.get(id)?.images ?? []
  const sha256 = shown?.renditions?.wall?.sha256 ?? ''
  await engine.picture({ dex: owner.account, entry: id, image, sha256, rendition: 'wall' })
  view.close()
  await engine.pin(owner.account, true)
})
afterEach(() => engine.stop())

/** Which of the needles are in any file of the client's folder, by their names. */
async function found(looked: Readonly<Record<string, string>> = needles): Promise<string[]> {
  const files = await readdir(home, { withFileTypes: true, recursive: true })
  const all = await Promise.all(
    files.map(async (file) => {
      const path = join(file.parentPath, file.name)
      return Buffer.concat([Buffer.from(path), file.isFile() ? await readFile(path) : Buffer.of()])
    }),
  )
  return Object.entries(looked).flatMap(([name, needle]) => (all.some((bytes) => bytes.includes(needle)) ? [name] : []))
}

/** Syncs until what follows a sync is done too, and closes the client. */
async function toRest(): Promise<void> {
  for (let n = 0; n < 2; n += 1) await engine.syncNow()
  await engine.stop()
  await Promise.all([ports.store.close(), ports.pictures.close(), ports.blobs.close()])
}

async function update(type: string, id: string, field: string, was: unknown, to: unknown): Promise<void> {
  const [result] = await owner.push([owner.change(type, id, 'update', { [field]: { was, to } as FieldChange })])
  expect(result).toMatchObject({ status: 'done' })
  await server.ctx.jobs.idle()
}

const OF_THE_ENTRY = ['note', 'place', 'picture', 'animal', 'id of the entry', 'id of the picture']
const staysOf = (gone: readonly string[]): string[] => Object.keys(needles).filter((name) => !gone.includes(name))

test.each<[what: string, withdraw: () => Promise<unknown>, gone: readonly string[]]>([
  ['an entry that became private', () => update('entry', entry, 'visibility', 'friends', 'private'), OF_THE_ENTRY],
  ['an entry that was deleted', () => owner.push([owner.change('entry', entry, 'delete')]), OF_THE_ENTRY],
  ['a place that was narrowed', () => update('setting', owner.account, 'friendsPrecision', 'exact', 'hidden'), ['place']],
  ['a note that another one replaced', () => update('entry', entry, 'note', needles.note, 'other words'), ['note']],
])('C1 of %s no file of a client in Node holds anything after its next sync', async (_, withdraw, gone) => {
  expect(await found()).toEqual(Object.keys(needles))
  await withdraw()
  await toRest()
  expect(await found()).toEqual(staysOf(gone))
})

test.each<[what: string, withdraw: () => Promise<unknown>]>([
  ['whose owner ended the friendship', () => owner.push([owner.change('friend', engine.account, 'delete')])],
  ['whose owner blocks', () => owner.push([owner.change('block', engine.account, 'create')])],
  [
    'whose owner deleted the account',
    () => server.ask('POST', '/api/v2/accounts/me/deletion', { headers, body: { password: PASSWORD } }),
  ],
])('C1 of a dex %s no file of a client in Node holds anything after its next sync', async (_, withdraw) => {
  expect(await found()).toEqual(Object.keys(needles))
  await withdraw()
  await toRest()
  expect(await found()).toEqual([])
})

test('C1 a client in Node that signs out leaves nothing of any dex, nor whose client it was', async () => {
  const all = { ...needles, 'the own account': engine.account }
  expect(await found(all)).toEqual(Object.keys(all))
  await engine.wipe()
  expect(await found(all)).toEqual([])
})
