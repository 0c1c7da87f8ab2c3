import { randomUUID } from 'node:crypto'
import { UPLOADS_PATH } from '@biologidex/core/images/routes'
import { dexFeed } from '@biologidex/core/sync/wire'
import { eachDatabase } from '@biologidex/test-kit/databases'
import { befriended, keepMany, readyPicture, TestDevice } from '@biologidex/test-kit/dex'
import { PlainNames } from '@biologidex/test-kit/plain-names'
import { type Asked, LINES, NOTHING, nameOf, ROUTES, specOf } from '@biologidex/test-kit/role-lines'
import { ROLES, type Role, type Society, society } from '@biologidex/test-kit/society'
import { accountOf, startTestServer, type TestServer } from '@biologidex/test-kit/test-server'
import { beforeAll, describe, expect, test } from 'vitest'
import { Following } from './sync/following.ts'

const OTHERS = ROLES.filter((role) => role !== 'owner')

/** Ids that are the same in both worlds. */
const ids = {
  shared: randomUUID(),
  forFriends: randomUUID(),
  hidden: randomUUID(),
  outing: randomUUID(),
  unheard: randomUUID(),
  strangers: randomUUID(),
}
/** More than a page of a dex holds, all for everybody to see before anything else is. */
const BEFORE = Array.from({ length: 203 }, () => randomUUID())
const PLACE = { lat: 47.5, lon: 8.25 }
const HERON = { scientificName: 'Ardea cinerea' }
const UNHEARD = { scientificName: 'Unheard ofus' }
/** What only its owner calls an animal, until others may see the entry that says so. */
const WORDS = 'the bird of the quarry'

interface World extends Society {
  /** Somebody whom nobody looks at. */
  readonly vera: TestDevice
}
type Step = (world: World) => Promise<unknown>

const asChanges = (fields: Record<string, unknown>) =>
  Object.fromEntries(Object.entries(fields).map(([field, to]) => [field, { to }])) as never
const change = (device: TestDevice, type: string, id: string, op: 'create' | 'update' | 'delete' | 'restore', fields = {}) =>
  device.push([device.change(type, id, op, asChanges(fields))])
const edit = (id: string, fields: Record<string, unknown>): Step => {
  // As on a device: what it saw before comes along with what it wants.
  return ({ devices: { owner } }) => change(owner, 'entry', id, 'update', fields)
}
const remove =
  (id: string): Step =>
  ({ devices: { owner } }) =>
    change(owner, 'entry', id, 'delete')
async function keepAs(device: TestDevice, id: string, visibility: string, animal: object): Promise<void> {
  await change(device, 'entry', id, 'create', { animal, visibility, place: PLACE })
  await readyPicture(device, id)
}
const keep =
  (id: string, visibility: string, animal: object = HERON): Step =>
  ({ devices: { owner } }) =>
    keepAs(owner, id, visibility, animal)
const setting =
  (field: string, was: string, to: string): Step =>
  ({ devices: { owner } }) =>
    owner.push([owner.change('setting', owner.account, 'update', { [field]: { was, to } })])

/** What everybody may notice, or some may. */
const SEEN: readonly Step[] = [
  setting('friendsPrecision', 'area', 'exact'),
  keep(ids.shared, 'public'),
  edit(ids.shared, { note: 'by the old mill' }),
  keep(ids.forFriends, 'friends'),
  ({ devices: { owner } }) => change(owner, 'setting', owner.account, 'update', { bio: 'keeps herons' }),
  edit(ids.shared, { count: 3 }),
  remove(ids.shared),
  // Somebody else meets the animal that the owner may have kept before.
  ({ devices: { stranger } }) => keepAs(stranger, ids.strangers, 'private', UNHEARD),
  ({ devices: { stranger } }) => change(stranger, 'entry', ids.strangers, 'update', { visibility: 'public' }),
]

/** What nobody else may notice, by the step after which it happens. */
const PRIVATE: readonly Step[] = [
  keep(ids.hidden, 'private'),
  async (world) => {
    const { owner } = world.devices
    await change(owner, 'outing', ids.outing, 'create', { name: 'a walk that nobody knows of' })
    await edit(ids.shared, { outing: ids.outing })(world)
  },
  edit(ids.hidden, { note: 'still hidden', place: { lat: 1, lon: 1 } }),
  async ({ vera, devices: { owner } }) => {
    await befriended(vera, owner)
    await change(owner, 'block', vera.account, 'create')
  },
  async (world) => {
    await remove(ids.hidden)(world)
    await change(world.devices.owner, 'entry', ids.hidden, 'restore')
    await edit(ids.shared, { privateNote: 'nobody’s business' })(world)
    await setting('visibility', 'friends', 'private')(world)
  },
  keep(ids.unheard, 'private', { ...UNHEARD, commonName: WORDS }),
  edit(ids.unheard, { note: 'seen again', animal: { ...UNHEARD, commonName: `${WORDS} again` } }),
]

/** What only friends may notice. */
const FOR_FRIENDS: readonly Step[] = [
  keep(ids.hidden, 'friends'),
  edit(ids.hidden, { note: 'for friends only' }),
  async (world) => {
    await setting('friendsPrecision', 'exact', 'area')(world)
    await world.server.ctx.jobs.idle()
  },
  edit(ids.forFriends, { note: 'x', place: null }),
  remove(ids.hidden),
  keep(ids.unheard, 'friends', { ...UNHEARD, commonName: WORDS }),
]

const cursorIn = (page: string): string | undefined => /"cursor":"([^"]+)"/.exec(page)?.[1]

/** Routes that no viewer asks, and why what they answer cannot be compared. */
const NOT_ASKED: Readonly<Record<string, string>> = {}

/** Looks at everything that a role can ask for, and notes each answer as it came: status, headers, body. */
class Viewer {
  readonly seen: string[] = []
  /** Routes that were asked, as `nameOf` names them. */
  readonly asked = new Set<string>()
  readonly #world: World
  readonly #role: Role
  readonly #account: string
  readonly #names = new PlainNames()
  #headers: Record<string, string> = {}
  #cursors: Record<string, string> = {}
  #digest: string | undefined
  #page = ''
  readonly #times = new Map<string, string>()
  /** Ids that were asked about and are made up where nothing bears them: some refusals say them again. */
  #made: readonly string[] = []
  #n = 0

  constructor(world: World, role: Role) {
    this.#world = world
    this.#role = role
    this.#account = role === 'visitor' ? randomUUID() : world.devices[role].account
  }

  async signIn(): Promise<void> {
    this.#headers = await this.#world.headersOf(this.#role)
  }

  note(text: string): void {
    this.seen.push(this.#names.plain(this.#made.reduce((whole, id) => whole.replaceAll(id, '<asked>'), text)))
  }

  /** Asks a route: about what is there in one world only, where a path or body says so. */
  async ask(route: string, { path, body, headers: more }: Asked = {}): Promise<string> {
    const spec = specOf(route)
    this.asked.add(nameOf(spec))
    return this.#send(spec.method, path ?? spec.path, body, more)
  }

  async #send(method: string, path: string, body?: unknown, more: Record<string, string> = {}): Promise<string> {
    const json: Record<string, string> = body === undefined ? {} : { 'content-type': 'application/json' }
    const headers = { ...json, ...this.#headers, 'tus-resumable': '1.0.0', ...more }
    const answer = await fetch(this.#world.server.url + path, {
      method,
      headers,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    // Of a stream of events the head: when it tells what, `Following` says without a clock in between.
    const stream = answer.headers.get('content-type') === 'text/event-stream'
    const text = stream ? '' : await answer.text()
    if (stream) await answer.body?.cancel()
    const told = [...answer.headers].filter(([name]) => name !== 'date').map((pair) => pair.join(': '))
    // Not the path: it may name a picture that is there in one world only.
    this.note([method, answer.status, ...told, text].join('\n'))
    return text
  }

  async pull(cursors: Record<string, string>, only?: readonly string[]): Promise<string> {
    const digest = only ? {} : { digest: this.#digest }
    return this.ask('pull', { body: { account: this.#account, cursors, only, ...digest } })
  }

  async pullOn(): Promise<void> {
    const answer = await this.pull(this.#cursors)
    for (const [, feed = '', cursor = ''] of answer.matchAll(/"feed":"([^"]+)","cursor":"([^"]+)"/g))
      this.#cursors[feed] = cursor
    this.#digest = /"digest":"([^"]+)"/.exec(answer)?.[1] ?? this.#digest
  }

  /**
   * When what v1 shows changed last is another time in each world; whether it is another one than at the look before must not be.
   * @param answer of v1, whose lines have an id each
   */
  #noteMoved(answer: string): void {
    const lines = answer.matchAll(/"(?:id|user_id)":"([^"]+)"[^{}]*?"(?:updated_at|latest_update)":("[^"]+"|null)/g)
    for (const [, id = '', at = ''] of lines) {
      if (this.#times.get(id) !== at) this.note(`moved: ${id}`)
      this.#times.set(id, at)
    }
  }

  /** What a device asks again and again. */
  async look(): Promise<void> {
    const { account: dex } = this.#world.devices.owner
    await this.pullOn()
    await this.pull({}, [dexFeed(dex)])
    const pages = `/api/v2/dex/${dex}/public`
    const first = await this.ask('publicDex', { path: pages })
    const second = await this.ask('publicDex', { path: `${pages}?cursor=${cursorIn(first)}` })
    // Where the last page ended at the look before.
    await this.ask('publicDex', { path: `${pages}?cursor=${this.#page}` })
    this.#page = cursorIn(second) ?? this.#page
    this.#noteMoved(await this.ask('v1 sync dex', { path: `/api/v1/dex/entries/user/${dex}/entries/` }))
    this.#noteMoved(await this.ask('v1 sync overview'))
    this.#n += 1
    const mutations = [{ n: this.#n, type: 'friend', id: ids.hidden, op: 'delete' }]
    await this.ask('push', { body: { account: this.#account, client: ids.outing, ack: 0, mutations } })
  }

  /** Everything that may be there in one world only, by its ids. */
  async lookForHidden(): Promise<void> {
    const { db } = this.#world.server.ctx
    const { account: dex } = this.#world.devices.owner
    for (const id of HIDEABLE) {
      const entry = await db.read
        .selectFrom('entries')
        .select(['public_id', 'animal_id'])
        .where('id', '=', id)
        .executeTakeFirst()
      const image = (await db.read.selectFrom('images').select('id').where('entry_id', '=', id).executeTakeFirst())?.id
      const [picture, shared] = [image ?? randomUUID(), entry?.public_id ?? randomUUID()]
      this.#made = [picture, shared]
      for (const rendition of ['wall', 'original'])
        await this.ask('rendition', { path: `/api/v2/dex/${dex}/entries/${id}/images/${picture}/${rendition}` })
      await this.ask('history', { path: `/api/v2/entries/${id}/history` })
      const upload = `${UPLOADS_PATH}/${picture}`
      await this.ask('upload create', {
        headers: { 'upload-length': '10', 'upload-metadata': `image ${Buffer.from(picture).toString('base64')}` },
      })
      await this.ask('upload standing', { path: upload })
      await this.ask('upload append', {
        path: upload,
        headers: { 'content-type': 'application/offset+octet-stream', 'upload-offset': '0' },
      })
      await this.ask('upload terminate', { path: upload })
      const old = `/api/v1/dex/entries/${shared}/`
      await this.ask('v1 entries one', { path: old })
      await this.ask('v1 entries replace', { path: old, body: { notes: 'mine' } })
      await this.ask('v1 entries change', { path: old, body: { notes: 'mine' } })
      await this.ask('v1 entries toggle', { path: `${old}toggle_favorite/` })
      await this.ask('v1 entries remove', { path: old })
      await this.ask('v1 pictures one', { path: `/api/v1/images/dex/${this.#account}/${dex}/${id}/original.none.png` })
      // The heron is for all to see; the other animal for none, until somebody else shows it.
      if (id === ids.unheard) await this.#lookForAnimal(entry?.animal_id ?? randomUUID())
    }
    this.#made = []
  }

  async #lookForAnimal(id: string): Promise<void> {
    await this.ask('v1 animals one', { path: `/api/v1/animals/${id}/` })
    await this.ask('v1 entries byAnimal', { path: `/api/v1/dex/entries/by_animal/?animal_id=${id}` })
    await this.ask('v1 animals lookUp', { body: { scientific_name: UNHEARD.scientificName } })
    for (const search of ['unheard', 'quarry']) await this.ask('v1 animals list', { path: `/api/v1/animals/?search=${search}` })
  }

  /** Every route, as the lines of the roles ask it. */
  async lookAround(): Promise<void> {
    for (const { route, ask = NOTHING } of LINES) {
      if (route in NOT_ASKED) continue
      await this.ask(route, await ask(this.#world, true))
      if (ENDING.has(route)) await this.signIn()
    }
    await this.#send('GET', '/api/v2/openapi.json')
  }
}

/** What may be there in one world only. */
const HIDEABLE = [ids.shared, ids.forFriends, ids.hidden, ids.unheard]
/** After these whoever asked has to sign in anew. */
const ENDING: ReadonlySet<string> = new Set(['signOut', 'endAllSessions'])

/** What each role has seen and been woken by, and the routes that it asked. */
interface Lived {
  readonly seen: Record<string, string[]>
  readonly asked: ReadonlySet<string>
}

/** The step after which most is hidden, or shown: what may be there in one world only is looked for then. */
const LOOKED_FOR = 5

/** Runs the script in one world. */
async function live(server: TestServer, hidden: readonly Step[]): Promise<Lived> {
  const people = await society(server)
  const world: World = { ...people, vera: new TestDevice(server.ctx, accountOf(await server.signUp('vera', 'bearer'))) }
  const { owner } = world.devices
  await keepMany(owner, BEFORE, { animal: { to: HERON }, visibility: { to: 'public' } })
  const viewers = new Map<Role, Viewer>()
  const followings: Following[] = []
  for (const role of OTHERS) {
    const viewer = new Viewer(world, role)
    await viewer.signIn()
    viewers.set(role, viewer)
    if (role === 'visitor') continue
    const woken = { moved: (feed: string) => viewer.note(`woken: ${feed}`), lost: () => viewer.note('lost') }
    const following = new Following(server.ctx, world.devices[role].account, woken)
    await following.start()
    followings.push(following)
    await viewer.pullOn()
    viewer.seen.length = 0
  }
  for (const [i, step] of SEEN.entries()) {
    await step(world)
    await hidden[i]?.(world)
    await server.ctx.jobs.idle()
    for (const viewer of viewers.values()) {
      await viewer.look()
      if (i === LOOKED_FOR) await viewer.lookForHidden()
      if (i === SEEN.length - 1) await viewer.lookAround()
    }
  }
  for (const following of followings) following.stop()
  return {
    seen: Object.fromEntries([...viewers].map(([role, viewer]) => [role, viewer.seen])),
    asked: new Set([...viewers.values()].flatMap(({ asked }) => [...asked])),
  }
}

const GENEROUS = {
  RATE_PICTURE_BURST: '100000',
  RATE_PEOPLE_BURST: '100000',
  RATE_PEOPLE_NETWORK_BURST: '100000',
  RATE_PULL_BURST: '100000',
  RATE_PUSH_BURST: '100000',
  RATE_V1_SYNC_BURST: '100000',
}

eachDatabase((_name, databases) => {
  async function worldWith(hidden: readonly Step[]): Promise<Lived> {
    const server = await startTestServer(await databases.settings(), GENEROUS)
    const lived = await live(server, hidden)
    await server.close()
    return lived
  }

  describe('worlds with and without hidden activity are the same to the last byte, header and wake-up (F6)', () => {
    let quiet: Record<string, string[]>
    let asked: ReadonlySet<string>
    beforeAll(async () => {
      const lived = await worldWith([])
      quiet = lived.seen
      asked = lived.asked
    }, 120_000)

    test('on every route of the protocol, but those of which it is said why not', () => {
      const unasked = Object.entries(ROUTES).filter(([, spec]) => !asked.has(nameOf(spec)))
      expect(unasked.map(([route]) => route)).toEqual(Object.keys(NOT_ASKED))
    })

    test('for everybody else, where it is private', async () => {
      const { seen: busy } = await worldWith(PRIVATE)
      for (const role of OTHERS) {
        expect(busy[role]?.length).toBeGreaterThan(30)
        expect(busy[role]).toEqual(quiet[role])
      }
    }, 120_000)

    test('for all but friends, where it is theirs; these do see it', async () => {
      const { seen: busy } = await worldWith(FOR_FRIENDS)
      for (const role of OTHERS) if (role !== 'friend') expect(busy[role]).toEqual(quiet[role])
      expect(busy.friend).not.toEqual(quiet.friend)
      expect(busy.friend?.some((answer) => answer.includes(WORDS))).toBe(true)
    }, 120_000)
  })
})
