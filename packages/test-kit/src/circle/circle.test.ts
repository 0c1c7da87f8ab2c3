import { randomUUID } from 'node:crypto'
import type { EntryOnScreen } from '@biologidex/core/sync/overlay'
import { audienceOf } from '@biologidex/server/slices/friends/friends.service'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { anyDatabase } from '../databases.ts'
import { Chance } from '../sim/chance.ts'
import { startTestServer, type TestServer } from '../test-server.ts'
import { Member } from './member.ts'

const STEPS = 45
const SEEDS = [1, 2]
const VISIBILITIES = ['private', 'friends', 'public'] as const

const WEIGHTS = {
  keep: 8,
  show: 6,
  trash: 3,
  ask: 6,
  accept: 8,
  part: 2,
  block: 1,
  unblock: 2,
  look: 12,
  sync: 10,
  away: 3,
  restart: 3,
  signOut: 1,
}

/** One thing that somebody does, to somebody else where it takes two. */
async function step(chance: Chance, one: Member, other: Member): Promise<string> {
  const kind = chance.weighted(WEIGHTS)
  const own = kind === 'show' || kind === 'trash' ? await one.entriesOf(one.account) : []
  const entry = own.length > 0 ? chance.pick(own) : undefined
  if (kind === 'keep') await one.keep(chance.pick(VISIBILITIES))
  else if (kind === 'show' && entry) {
    const to = chance.pick(VISIBILITIES)
    await one.engine.mutate([{ type: 'entry', id: entry.id, op: 'update', set: { visibility: { was: entry.visibility, to } } }])
  } else if (kind === 'trash' && entry) await one.change('entry', entry.id, 'delete')
  else if (kind === 'ask') await one.change('friend', randomUUID(), 'create', { code: other.code })
  else if (kind === 'accept') await one.change('friend', other.account, 'update', { state: 'friends' })
  else if (kind === 'part') await one.change('friend', other.account, 'delete')
  else if (kind === 'block') await one.change('block', other.account, 'create')
  else if (kind === 'unblock') await one.change('block', other.account, 'delete')
  else if (kind === 'look') await one.look(other.account)
  else if (kind === 'sync' && one.online) await one.engine.syncNow()
  else if (kind === 'away') one.online = !one.online
  else if (kind === 'restart') await one.restart()
  else if (kind === 'signOut' && one.online) {
    await one.engine.syncNow()
    await one.signOut()
  }
  return kind
}

const isShown = ({ visibility, images }: EntryOnScreen): boolean => visibility !== 'private' && images?.[0]?.state === 'ready'

/** What a device must show, and all that it must not hold, by what the owners' own devices and the server say. */
async function check(server: TestServer, viewer: Member, owner: Member, ever: ReadonlySet<string>): Promise<void> {
  const audience = await audienceOf(server.ctx, viewer.account, owner.account)
  const own = await owner.entriesOf(owner.account)
  const shown = audience === 'friends' ? own.filter(isShown) : []
  const seen = await viewer.entriesOf(owner.account)
  expect(seen.map(({ id }) => id).sort()).toEqual(shown.map(({ id }) => id).sort())
  const summary = viewer.engine.dexes().find(({ account }) => account === owner.account)
  expect(summary?.entries).toBe(audience === 'friends' ? shown.length : undefined)
  const allowed = new Set(shown.map(({ id }) => id))
  for (const id of ever) expect([id, !allowed.has(id) && viewer.holds(id)]).toEqual([id, false])
}

async function everKept(members: readonly Member[]): Promise<Map<Member, Set<string>>> {
  const ever = new Map<Member, Set<string>>()
  for (const member of members) ever.set(member, new Set((await member.entriesOf(member.account)).map(({ id }) => id)))
  return ever
}

anyDatabase((databases) => {
  let server: TestServer
  beforeAll(async () => {
    server = await startTestServer(await databases.settings(), { RATE_PEOPLE_BURST: '1000', RATE_PICTURE_BURST: '10000' })
  })
  afterAll(() => server.close())

  test.each(SEEDS)('P5 E18 E50 no device holds, after its contact, what it may not see (seed %i)', async (seed) => {
    const chance = new Chance(`circle ${seed}`)
    const members: Member[] = []
    for (const name of ['ada', 'bo', 'cy']) members.push(await Member.join(server, `${name}${seed}`))
    const ever = new Map(members.map((member) => [member, new Set<string>()]))
    const script: string[] = []
    for (let n = 0; n < STEPS; n += 1) {
      const one = chance.pick(members)
      const other = chance.pick(members.filter((member) => member !== one))
      script.push(`${members.indexOf(one)} ${members.indexOf(other)} ${await step(chance, one, other)}`)
      for (const [member, kept] of await everKept(members)) for (const id of kept) ever.get(member)?.add(id)
    }
    for (const member of members) member.online = true
    for (let round = 0; round < 2; round += 1) for (const member of members) await member.engine.syncNow()
    // What follows a sync (numbers, pages written anew, pictures held against them) is done when the next one begins.
    for (const member of members) await member.engine.syncNow()
    for (const viewer of members) {
      for (const owner of members) {
        if (owner !== viewer) await check(server, viewer, owner, ever.get(owner) ?? new Set())
      }
    }
    for (const member of members) await member.engine.stop()
    expect(script.length).toBe(STEPS)
  })
})
