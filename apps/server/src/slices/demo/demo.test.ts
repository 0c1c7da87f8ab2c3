import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { readConfig } from '@biologidex/server/config'
import { SQLITE_FILE } from '@biologidex/server/db/open'
import { makeDemo } from '@biologidex/server/host'
import { eachDatabase } from '@biologidex/test-kit/databases'
import { startTestServer } from '@biologidex/test-kit/test-server'
import { expect, it, test } from 'vitest'
import { readList } from '../animals/list-file.ts'
import { DEMO_ANIMALS } from './demo-animals.ts'
import { demoPerson } from './demo-people.ts'
import { demoPhotos } from './demo-photos.ts'
import { drawScene } from './demo-scene.ts'
import { demoSighting } from './demo-sightings.ts'
import { SeededRandom } from './seeded-random.ts'

test('every animal of the demo has a drawing, and is in the starter list under its name', async () => {
  const names = new Set<string>()
  const list = join(import.meta.dirname, '../../../data/starter-animals.tsv')
  for await (const row of readList(list)) if ('animal' in row) names.add(row.animal.record.scientificName)
  for (const animal of DEMO_ANIMALS) {
    expect(drawScene(new SeededRandom(1), animal)).toContain('<svg')
    expect(names).toContain(animal.latin)
  }
})

test('a scene is the same for the same seed, and another for another', () => {
  const [animal] = DEMO_ANIMALS
  if (!animal) throw new Error('no animals')
  const scenes = Array.from({ length: 40 }, (_, seed) => drawScene(new SeededRandom(seed), animal))
  expect(new Set(scenes).size).toBe(40)
  expect(drawScene(new SeededRandom(3), animal)).toBe(scenes[3])
})

test('every photograph says who took it, under which licence and where it is', async () => {
  for (const { credit } of await demoPhotos()) expect(credit).toMatch(/^Photo: .+, (CC-BY|public domain).*, https:\/\//)
})

test('a demo is the same each time', () => {
  const make = () => {
    const random = new SeededRandom(7)
    const person = demoPerson(random, 9)
    return [person, ...Array.from({ length: 50 }, () => demoSighting(random, person))]
  }
  expect(make()).toEqual(make())
})

/** What two demos do not have in common, by column: what opens an account or tells one feed from another, and when all was made. */
const SECRET = new Set(
  'accounts.password_hash accounts.friend_code accounts.seal sessions.id sessions.token_hash feeds.epoch secrets.value'.split(
    ' ',
  ),
)
const WHEN = new Set('created_at updated_at changed_at epoch_at last_seen_at first_kept_at at since'.split(' '))
/** Both as feeds serve them. */
const SERVED = new Set('friendCode created updated since'.split(' '))

const payloadWithout = (payload: string): unknown =>
  JSON.parse(payload, (key, value: unknown) => (SERVED.has(key) ? undefined : value))

/** What a demo makes of an empty folder: the rows of its tables but for what differs, that apart, and its pictures. */
async function demoData(): Promise<{ same: string[]; secret: string[]; pictures: string[] }> {
  const dataDir = await mkdtemp(join(tmpdir(), 'biologidex-demo-'))
  await makeDemo(readConfig({ DATA_DIR: dataDir }), { people: 2, entries: 2, own: 3 }, () => undefined)
  const db = new DatabaseSync(join(dataDir, SQLITE_FILE), { readOnly: true })
  const [same, secret]: [string[], string[]] = [[], []]
  const tables = db.prepare("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name").all() as { name: string }[]
  for (const { name } of tables) {
    for (const row of db.prepare(`SELECT * FROM "${name}"`).iterate()) {
      const isSecret = (column: string): boolean => SECRET.has(`${name}.${column}`)
      const columns = Object.entries(row)
      secret.push(...columns.flatMap(([column, value]) => (isSecret(column) ? String(value) : [])))
      const rest = columns.filter(([column]) => !isSecret(column) && !WHEN.has(column))
      const read = rest.map(([column, value]) => [column, column === 'payload' ? payloadWithout(String(value)) : value])
      same.push(`${name} ${JSON.stringify(Object.fromEntries(read))}`)
    }
  }
  db.close()
  const pictures = (await readdir(join(dataDir, 'blobs'), { recursive: true })).sort()
  await rm(dataDir, { recursive: true })
  return { same, secret, pictures }
}

test('two demos on empty servers are the same, ids, areas and pictures included, but for secrets and the time of making', async () => {
  const [one, other] = [await demoData(), await demoData()]
  expect(one.same.filter((row) => /^entries .*"area":"{/.test(row))).toHaveLength(5)
  expect(one.pictures.length).toBeGreaterThan(5 * 3)
  expect(other.same).toEqual(one.same)
  expect(other.pictures).toEqual(one.pictures)
  expect(one.secret.length).toBeGreaterThan(2 * 5)
  expect(one.secret.filter((value) => other.secret.includes(value))).toEqual([])
}, 60_000)

eachDatabase((_name, databases) => {
  it('fills a server with friends and their dexes, whose pictures are there', async () => {
    const { databaseUrl, dataDir } = await databases.settings()
    const config = readConfig({ DATA_DIR: dataDir, ...(databaseUrl ? { DATABASE_URL: databaseUrl } : {}), PORT: '0' })
    const told: string[] = []
    const accounts = await makeDemo(config, { people: 3, entries: 1, own: 3 }, ({ username }) => told.push(username))
    expect(told).toEqual(['mara', 'tomas', 'aisha'])
    expect(accounts.map(({ entries }) => entries)).toEqual([3, 1, 1])
    await expect(makeDemo(config, { people: 1, entries: 0, own: 0 }, () => undefined)).rejects.toMatchObject({
      code: 'username_taken',
    })
    const server = await startTestServer({ dataDir, databaseUrl })
    const { ctx } = server
    const images = await ctx.db.read.selectFrom('images').select(['sha256', 'state', 'width']).execute()
    expect(images.map(({ state }) => state)).toEqual(Array(5).fill('ready'))
    expect(images.filter(({ width }) => (width ?? 0) >= 1600).length).toBeGreaterThanOrEqual(4)
    for (const { sha256 } of images) expect(await ctx.blobs.has(sha256)).toBe(true)
    const notes = await ctx.db.read.selectFrom('entries').select('note').where('note', 'like', 'Photo: %').execute()
    expect(notes).toHaveLength(1)
    const standings = await ctx.db.read.selectFrom('friendships').select('state').execute()
    expect(standings.map(({ state }) => state)).toEqual(Array(6).fill('friends'))
    await server.close()
  }, 60_000)
})
