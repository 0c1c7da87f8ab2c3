import { randomUUID } from 'node:crypto'
import type { AnimalItem } from '@biologidex/core/animals/animal'
import { calledAs, namesTyped } from '@biologidex/core/animals/called'
import type { OwnEntry } from '@biologidex/core/entries/entry'
import { CATALOGUE, dexFeed } from '@biologidex/core/sync/wire'
import type { V1Animal, V1SyncEntry } from '@biologidex/core/v1/shapes'
import { eachDatabase } from '@biologidex/test-kit/databases'
import { befriended, type Pulled, readyPicture, TestDevice } from '@biologidex/test-kit/dex'
import * as pictures from '@biologidex/test-kit/pictures'
import { startTestServer, type TestServer } from '@biologidex/test-kit/test-server'
import { V1Client } from '@biologidex/test-kit/v1-client'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { takeList } from './listing.service.ts'

const WORDS = 'Annas Geheimvogel am Steinbruch 7'
type Visibility = 'private' | 'friends' | 'public'

eachDatabase((_name, databases) => {
  let server: TestServer
  let people = 0
  let animals = 0
  /** Where the catalogue stood before: the starter list need not be read each time. */
  let listed = ''
  beforeAll(async () => {
    server = await startTestServer(await databases.settings(), { RATE_PEOPLE_BURST: '1000', RATE_V1_SYNC_BURST: '1000' })
    const { device } = await person()
    listed = (await device.pull({}, { only: [CATALOGUE] })).chunks.at(-1)?.chunk.cursor ?? ''
  })
  afterAll(() => server.close())

  interface Person {
    readonly old: V1Client
    readonly device: TestDevice
  }
  async function person(): Promise<Person> {
    people += 1
    const old = await V1Client.signUp(server.url, `person-${people}`)
    return { old, device: new TestDevice(server.ctx, old.id) }
  }
  /** A name that nobody has typed yet. */
  const newName = () => `Unheard ofus${'abcdefghijklmnopqrstuvwxyz'.charAt(animals++)}`

  async function keep({ device }: Person, animal: object, visibility: Visibility): Promise<string> {
    const id = randomUUID()
    await device.push([
      device.change('entry', id, 'create', { animal: { to: animal as never }, visibility: { to: visibility } }),
    ])
    await readyPicture(device, id)
    return id
  }
  const edit = ({ device }: Person, id: string, field: string, was: unknown, to: unknown) =>
    device.push([device.change('entry', id, 'update', { [field]: { was, to } as never })])

  /** All that a device gets which has nothing yet but the starter list. */
  const pull = (device: TestDevice) => device.pull({ [CATALOGUE]: listed })

  /** An animal as a device shows it in a dex, by an answer that began with nothing; undefined when the dex has no entry of it. */
  function calledIn(pulled: Pulled, dex: Person, scientificName: string): AnimalItem | undefined {
    const chunks = pulled.chunks.filter(({ chunk }) => chunk.feed === dexFeed(dex.old.id))
    const items = chunks.flatMap((part) => part.items)
    const entries = items.flatMap((item) => (item.type === 'trash' ? (item.entry as OwnEntry) : (item as unknown as OwnEntry)))
    const record = pulled.chunks
      .flatMap(({ chunk }) => chunk.animals ?? [])
      .find((one) => one.scientificName === scientificName)
    if (!entries.some(({ animal }) => animal === record?.id)) return undefined
    return calledAs(record, () => namesTyped(entries))
  }
  /** An animal as the catalogue has it. */
  const listedFor = ({ chunks }: Pulled, scientificName: string) =>
    chunks.flatMap(({ items }) => items).find((item) => item.type === 'animal' && item.scientificName === scientificName)

  async function publicPage(viewer: Person, dex: Person): Promise<string> {
    const headers = { authorization: `Bearer ${viewer.old.access}` }
    return (await server.ask('GET', `/api/v2/dex/${dex.old.id}/public`, { headers })).text
  }

  /** Whether a text is in anything that somebody is told of animals and of a dex, by either API. */
  async function hears(text: string, viewer: Person, dex: Person, scientificName: string): Promise<boolean> {
    const { old, device } = viewer
    const v1 = await Promise.all([
      old.call('POST', 'animals/lookup_or_create/', { json: { scientific_name: scientificName } }),
      old.call('GET', 'animals/?page_size=100&search=unheard'),
      old.call('GET', `animals/?search=${encodeURIComponent(WORDS)}`),
      old.call('GET', 'dex/entries/sync_entries/'),
      old.call('GET', 'dex/entries/'),
      old.call('GET', `dex/entries/?search=${encodeURIComponent(WORDS)}`),
      old.call('GET', `dex/entries/user/${dex.old.id}/entries/`),
    ])
    const { id } = (v1[0].body as { animal: V1Animal }).animal
    const one = await old.call('GET', `animals/${id}/`)
    const entry = await old.call('GET', `dex/entries/by_animal/?animal_id=${id}`)
    const answers = [...v1, one, entry].map(({ body }) => body)
    return [JSON.stringify([answers, await pull(device)]), await publicPage(viewer, dex)].join('\n').includes(text)
  }

  test('what somebody calls an animal in private reaches nobody who keeps the same one', async () => {
    const [alice, bob, name] = [await person(), await person(), newName()]
    await keep(alice, { scientificName: name, commonName: WORDS, language: 'de' }, 'private')
    for (const visibility of ['private', 'public'] as const) {
      await keep(bob, { scientificName: name }, visibility)
      expect(await hears(name, bob, alice, name)).toBe(true)
      expect(await hears(WORDS, bob, alice, name)).toBe(false)
      expect(await hears(WORDS, await person(), bob, name)).toBe(false)
    }
    // A friend sees an entry of the same animal, and not the one that it was typed on.
    const carl = await person()
    await befriended(alice.device, carl.device)
    await keep(alice, { scientificName: name }, 'friends')
    expect(await hears(dexFeed(alice.old.id), carl, alice, name)).toBe(true)
    expect(await hears(WORDS, carl, alice, name)).toBe(false)
  })

  test('who typed it sees it on every device, by either API, also in the trash', async () => {
    const [alice, name] = [await person(), newName()]
    const id = await keep(alice, { scientificName: name, commonName: WORDS, language: 'de' }, 'private')
    const anew = async () => calledIn(await pull(new TestDevice(server.ctx, alice.old.id)), alice, name)
    expect(await anew()).toMatchObject({ names: { de: [WORDS] }, number: expect.any(Number) })
    const { body } = await alice.old.call<{ entries: V1SyncEntry[] }>('GET', 'dex/entries/sync_entries/')
    expect(body.entries).toMatchObject([{ scientific_name: name, common_name: WORDS }])
    const found = await alice.old.call('GET', 'dex/entries/?search=geheimvogel')
    expect(found.body).toMatchObject({ count: 1, results: [{ common_name: WORDS, animal_details: { common_name: WORDS } }] })
    const animal = body.entries[0]?.animal_id ?? ''
    expect((await alice.old.call('GET', `animals/${animal}/`)).body).toMatchObject({ common_name: WORDS })
    await alice.device.push([alice.device.change('entry', id, 'delete')])
    expect(await anew()).toMatchObject({ names: { de: [WORDS] } })
  })

  test('who may see the entry sees what it is called on it, and the catalogue says nothing of it', async () => {
    const [alice, bob, carl, name] = [await person(), await person(), await person(), newName()]
    await befriended(alice.device, carl.device)
    const id = await keep(alice, { scientificName: name, commonName: WORDS, language: 'de' }, 'private')
    expect(calledIn(await pull(carl.device), alice, name)).toBeUndefined()
    await edit(alice, id, 'visibility', 'private', 'friends')
    expect(calledIn(await pull(carl.device), alice, name)).toMatchObject({ names: { de: [WORDS] } })
    const shared = await carl.old.call<{ entries: V1SyncEntry[] }>('GET', `dex/entries/user/${alice.old.id}/entries/`)
    expect(shared.body.entries).toMatchObject([{ common_name: WORDS }])
    expect(await hears(WORDS, bob, alice, name)).toBe(false)
    await edit(alice, id, 'visibility', 'friends', 'public')
    expect(await publicPage(bob, alice)).toContain(WORDS)
    const everybodys = listedFor(await pull(bob.device), name)
    expect(everybodys).toMatchObject({ number: expect.any(Number) })
    expect(everybodys).not.toHaveProperty('names')
    await edit(alice, id, 'visibility', 'public', 'private')
    expect(await hears(WORDS, carl, alice, name)).toBe(false)
    expect(await hears(WORDS, bob, alice, name)).toBe(false)
  })

  test('each dex calls an animal its own way, in one answer', async () => {
    const [alice, bob, name] = [await person(), await person(), newName()]
    await befriended(alice.device, bob.device)
    await keep(alice, { scientificName: name, commonName: 'hers' }, 'friends')
    await keep(bob, { scientificName: name, commonName: 'his' }, 'friends')
    for (const { device } of [alice, bob]) {
      const pulled = await pull(device)
      expect(calledIn(pulled, alice, name)).toMatchObject({ names: { en: ['hers'] } })
      expect(calledIn(pulled, bob, name)).toMatchObject({ names: { en: ['his'] } })
    }
  })

  describe('on an entry', () => {
    test('it can be called otherwise; of two who did not know of each other neither is dropped (O4)', async () => {
      const [alice, name] = [await person(), newName()]
      const id = await keep(alice, { scientificName: name, commonName: 'first' }, 'private')
      const own = dexFeed(alice.old.id)
      const { cursor = '' } = (await pull(alice.device)).chunks.find(({ chunk }) => chunk.feed === own)?.chunk ?? {}
      await edit(alice, id, 'animal', { scientificName: name }, { scientificName: name, commonName: 'second' })
      expect(calledIn(await alice.device.pull({ [own]: cursor }), alice, name)).toMatchObject({ names: { en: ['second'] } })
      await edit(alice, id, 'animal', null, { scientificName: name, commonName: 'third' })
      const pulled = await pull(alice.device)
      expect(calledIn(pulled, alice, name)).toMatchObject({ names: { en: ['second'] } })
      const clashes = pulled.chunks.flatMap(({ items }) => items).filter(({ type }) => type === 'conflict')
      expect(clashes).toMatchObject([{ field: 'animal', lost: { commonName: 'third' } }])
    })

    test('it goes with the animal, and comes back with it', async () => {
      const [alice, name] = [await person(), newName()]
      const id = await keep(alice, { scientificName: name, commonName: WORDS }, 'private')
      const other = newName()
      await edit(alice, id, 'animal', { scientificName: name }, { scientificName: other })
      expect(JSON.stringify(await pull(alice.device))).not.toContain(WORDS)
      const known = await server.ctx.db.read.selectFrom('animals').select('id').where('scientific_name', '=', name).execute()
      await edit(alice, id, 'animal', { scientificName: other }, { id: known[0]?.id })
      expect(calledIn(await pull(alice.device), alice, name)).toMatchObject({ names: { en: [WORDS] } })
    })
  })

  test('what an old client calls an animal when it looks it up is on the entries that it makes of it', async () => {
    const [alice, bob, name] = [await person(), await person(), newName()]
    const photo = await pictures.photograph({ width: 64, height: 48, orientation: 1 })
    const kept = await alice.old.keep(await alice.old.animal(name, WORDS), photo, { visibility: 'private' })
    expect(kept.body).toMatchObject({ scientific_name: name, common_name: WORDS })
    await bob.old.keep(await bob.old.animal(name), photo, { visibility: 'private' })
    expect(await hears(WORDS, bob, alice, name)).toBe(false)
    const own = calledIn(await pull(alice.device), alice, name)
    expect(own).toMatchObject({ names: { en: [WORDS] } })
  })

  test('once a list names the animal, it is called as the list says, and nothing typed comes with it', async () => {
    const [alice, bob, name] = [await person(), await person(), newName()]
    await keep(alice, { scientificName: name, commonName: WORDS, language: 'de' }, 'private')
    const record = { scientificName: name, rank: 'species', names: { en: ['Quarry bird'] } }
    const animal = { key: name.toLowerCase(), otherKeys: [], record, source: 'test', sourceId: null }
    async function* list() {
      yield { line: 1, animal }
    }
    await takeList(server.ctx, list(), { onProblem: () => undefined })
    expect(listedFor(await pull(bob.device), name)).toMatchObject({ names: { en: ['Quarry bird'] }, verified: true })
    expect(await hears(WORDS, bob, alice, name)).toBe(false)
    const own = calledIn(await pull(alice.device), alice, name)
    expect(own).toMatchObject({ names: { en: ['Quarry bird'] } })
  })
})
