import { randomUUID } from 'node:crypto'
import { dexFeed } from '@biologidex/core/sync/wire'
import { eachDatabase } from '@biologidex/test-kit/databases'
import { befriended, readyPicture, TestDevice } from '@biologidex/test-kit/dex'
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
    await edit(ids.shared, { privateNote: 'nobody’s business', outing: ids.outing })(world)
  },
  edit(ids.hidden, { note: 'still hidden', place: { lat: 1, lon: 1 } }),
  async ({ vera, devices: { owner } }) => {
    await befriended(vera, owner)
    await change(owner, 'block', vera.account, 'create')
  },
  async (world) => {
    await remove(ids.hidden)(world)
    await change(world.devices.owner, 'entry', ids.hidden, 'restore')
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

/**
 * The number of the animal that the owner may have kept before: that somebody has kept it, but not who, can be told from it, the one exception
 * (privacy.md). By either API.
 */
const NUMBERED = /("number":)\d+(,"scientificName":"Unheard ofus")/g

/** Names that are made up anew in each world, by the order in which they come up. */
class Names {
  readonly #known = new Map<string, string>()
  #named(kind: string, text: string): string {
    const name = this.#known.get(text) ?? `<${kind} ${this.#known.size}>`
    this.#known.set(text, name)
    return name
  }
  plain(text: string): string {
    return text
      .replaceAll(/"cursor":"(\w+)\.(\w+)\.(\w+)\.(\w+)"/g, (_all, feed, epoch, position, snapshot) => {
        return `"cursor":"${this.#named('feed', `${feed}.${epoch}`)}.${position}.${snapshot}"`
      })
      .replaceAll(/"digest":"([\w-]{22})"/g, (_all, digest) => this.#named('digest', digest))
      .replaceAll(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, (id) => this.#named('id', id))
      .replaceAll(/\b1\d{12}\b/g, '<time>')
      .replaceAll(NUMBERED, '$1<number>$2')
  }
}

/** Looks at everything that a role can ask for, and notes each answer as it came: status, headers, body. */
class Viewer {
  readonly seen: string[] = []
  readonly #world: World
  readonly #headers: Record<string, string>
  readonly #account: string
  readonly #names = new Names()
  #cursors: Record<string, string> = {}
  #digest: string | undefined
  #n = 0

  constructor(world: World, role: Role, headers: Record<string, string>) {
    this.#world = world
    this.#headers = headers
    this.#account = role === 'visitor' ? randomUUID() : world.devices[role].account
  }

  note(text: string): void {
    this.seen.push(this.#names.plain(text))
  }

  async ask(method: string, path: string, body?: unknown): Promise<string> {
    const json: Record<string, string> = body === undefined ? {} : { 'content-type': 'application/json' }
    const headers = { ...this.#headers, ...json, 'tus-resumable': '1.0.0' }
    const answer = await fetch(this.#world.server.url + path, {
      method,
      headers,
      ...(body ? { body: JSON.stringify(body) } : {}),
    })
    const text = await answer.text()
    const told = [...answer.headers].filter(([name]) => name !== 'date').map((pair) => pair.join(': '))
    // Not the path: it may name a picture that is there in one world only.
    this.note([method, answer.status, ...told, text].join('\n'))
    return text
  }

  async pull(cursors: Record<string, string>, only?: readonly string[]): Promise<string> {
    const digest = only ? {} : { digest: this.#digest }
    return this.ask('POST', '/api/v2/sync/pull', { account: this.#account, cursors, only, ...digest })
  }

  async pullOn(): Promise<void> {
    const answer = await this.pull(this.#cursors)
    for (const [, feed = '', cursor = ''] of answer.matchAll(/"feed":"([^"]+)","cursor":"([^"]+)"/g))
      this.#cursors[feed] = cursor
    this.#digest = /"digest":"([^"]+)"/.exec(answer)?.[1] ?? this.#digest
  }

  /** What a device asks again and again. */
  async look(): Promise<void> {
    const { account: dex } = this.#world.devices.owner
    await this.pullOn()
    await this.pull({}, [dexFeed(dex)])
    await this.ask('GET', `/api/v2/dex/${dex}/public`)
    this.#n += 1
    const mutations = [{ n: this.#n, type: 'friend', id: ids.hidden, op: 'delete' }]
    await this.ask('POST', '/api/v2/sync/push', { account: this.#account, client: ids.outing, ack: 0, mutations })
  }

  /** Everything else. */
  async lookAround(): Promise<void> {
    const { account: dex } = this.#world.devices.owner
    for (const entry of Object.values(ids)) {
      const images = this.#world.server.ctx.db.read.selectFrom('images').select('id').where('entry_id', '=', entry)
      const image = (await images.executeTakeFirst())?.id ?? randomUUID()
      for (const rendition of ['wall', 'original'])
        await this.ask('GET', `/api/v2/dex/${dex}/entries/${entry}/images/${image}/${rendition}`)
      await this.ask('HEAD', `/api/v2/uploads/${image}`)
      await this.ask('GET', `/api/v2/entries/${entry}/history`)
    }
    const others = [`dex/${dex}/avatar`, 'people/by-name/owner', 'sessions', 'accounts/me/audit', 'admin/accounts', 'server']
    for (const path of others) await this.ask('GET', `/api/v2/${path}`)
  }
}

/** Runs the script in one world. @returns what each role has seen and been woken by */
async function live(server: TestServer, hidden: readonly Step[]): Promise<Record<string, string[]>> {
  const people = await society(server)
  const world: World = { ...people, vera: new TestDevice(server.ctx, accountOf(await server.signUp('vera', 'bearer'))) }
  const viewers = new Map<Role, Viewer>()
  const followings: Following[] = []
  for (const role of OTHERS) {
    const viewer = new Viewer(world, role, await world.headersOf(role))
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
      if (i === 3 || i === SEEN.length - 1) await viewer.lookAround()
    }
  }
  for (const following of followings) following.stop()
  return Object.fromEntries([...viewers].map(([role, viewer]) => [role, viewer.seen]))
}

const GENEROUS = {
  RATE_PICTURE_BURST: '100000',
  RATE_PEOPLE_BURST: '100000',
  RATE_PEOPLE_NETWORK_BURST: '100000',
  RATE_PULL_BURST: '100000',
  RATE_PUSH_BURST: '100000',
}

eachDatabase((_name, databases) => {
  async function worldWith(hidden: readonly Step[]): Promise<Record<string, string[]>> {
    const server = await startTestServer(await databases.settings(), GENEROUS)
    const seen = await live(server, hidden)
    await server.close()
    return seen
  }

  describe('worlds with and without hidden activity are the same to the last byte, header and wake-up (F6)', () => {
    let quiet: Record<string, string[]>
    beforeAll(async () => {
      quiet = await worldWith([])
    }, 60_000)

    test('for everybody else, where it is private', async () => {
      const busy = await worldWith(PRIVATE)
      for (const role of OTHERS) {
        expect(busy[role]?.length).toBeGreaterThan(30)
        expect(busy[role]).toEqual(quiet[role])
      }
    }, 60_000)

    test('for all but friends, where it is theirs; these do see it', async () => {
      const busy = await worldWith(FOR_FRIENDS)
      for (const role of OTHERS) if (role !== 'friend') expect(busy[role]).toEqual(quiet[role])
      expect(busy.friend).not.toEqual(quiet.friend)
      expect(busy.friend?.some((answer) => answer.includes(WORDS))).toBe(true)
    }, 60_000)
  })
})
