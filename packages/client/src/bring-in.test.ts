import type { AnimalItem } from '@biologidex/core/animals/animal'
import { soundWork, WORK_FORMAT } from '@biologidex/core/exchange/saved-work'
import type { FriendItem } from '@biologidex/core/friends/friend'
import { MUTATION_TYPES, type Mutation, type MutationType } from '@biologidex/core/sync/mutation'
import { ACCOUNT, created, Device, entry, filled, id, noted, photo, settle } from '@biologidex/test-kit/engine-rig'
import { expect, test } from 'vitest'
import type { Draft, Unsent } from './face.ts'
import { SealBroken } from './ports.ts'
import { freshChanges, type Known } from './saved.ts'

const BYTES = new Uint8Array([9, 8, 7])
const notes = (device: Device): unknown[] =>
  [...device.server.own.items.values()].map(({ json }) => (json as { note?: string } | null)?.note)

/** A device that made an entry with a photo and an edit while it was offline, and what it saved of them. */
async function saved(server = filled(1, 100)): Promise<{ work: Unsent; bytes: (image: string) => Uint8Array | undefined }> {
  const device = new Device(server)
  const tab = await device.tab()
  tab.transport.fault = () => ({ kind: 'lost' })
  const { drafts, photo: taken } = photo(1, BYTES)
  await tab.engine.mutate([...drafts, noted(1, 'better', 'note 1'), noted(100, 'edited', 'note 100')], [taken])
  const work = tab.engine.unsent()
  const original = await tab.engine.original(taken.image)
  await tab.engine.wipe()
  return { work, bytes: (image) => (image === taken.image ? original : undefined) }
}

test('C1 what was saved before a sign-out is brought in elsewhere, under new numbers, and goes up with its photo', async () => {
  const server = filled(1, 100)
  const { work, bytes } = await saved(server)
  expect(work.changes.map(({ n }) => n)).toEqual([1, 2, 3, 4])
  const other = new Device(server, 2)
  const tab = await other.tab()
  await tab.engine.mutate([created(50)])
  await tab.rest()
  const load = async ({ image }: { image: string }) => bytes(image)
  expect(await tab.engine.bringIn(work, load)).toEqual({ changes: 4, pictures: 1, lacking: 0 })
  expect(tab.engine.unsent().changes.map(({ n, at }) => [n, at])).toEqual(work.changes.map(({ at }, i) => [2 + i, at]))
  await tab.rest()
  await tab.rest()
  expect(notes(other)).toEqual(expect.arrayContaining(['better', 'edited', 'note 50']))
  expect(tab.engine.unsent()).toEqual({ changes: [], pictures: [] })
})

test('C1 brought in twice it is there once: while it waits, and when it is on the server', async () => {
  const server = filled(1, 100)
  const { work, bytes } = await saved(server)
  const other = new Device(server, 2)
  const tab = await other.tab()
  const load = async ({ image }: { image: string }) => bytes(image)
  tab.transport.fault = () => ({ kind: 'lost' })
  expect(await tab.engine.bringIn(work, load)).toEqual({ changes: 4, pictures: 1, lacking: 0 })
  expect(await tab.engine.bringIn(work, load)).toEqual({ changes: 0, pictures: 0, lacking: 0 })
  tab.transport.fault = () => undefined
  await tab.engine.syncNow()
  await tab.rest()
  const again = await tab.engine.bringIn(work, load)
  expect(again.changes).toBe(0)
  await settle()
})

test('C1 a photo whose bytes are missing or others is left out, and nothing of it is kept', async () => {
  const { work } = await saved()
  const other = new Device(filled(1, 100), 2)
  const tab = await other.tab((ports) => ports)
  tab.transport.fault = () => ({ kind: 'lost' })
  expect(await tab.engine.bringIn(work, async () => undefined)).toEqual({ changes: 4, pictures: 0, lacking: 1 })
  // Another file may hold it: the change that announced it waits here already.
  const { work: same, bytes } = await saved()
  expect(await tab.engine.bringIn(same, async ({ image }) => bytes(image))).toEqual({ changes: 0, pictures: 1, lacking: 0 })
  const third = await new Device(filled(1, 100), 3).tab()
  third.transport.fault = () => ({ kind: 'lost' })
  expect(await third.engine.bringIn(work, async () => new Uint8Array([1, 1, 1]))).toEqual({
    changes: 4,
    pictures: 0,
    lacking: 1,
  })
  expect(await third.ports.blobs.keys()).toEqual([])
})

test.each([['gone'], ['damaged']])(
  'C1 a photo that waits here, but whose bytes are %s, is made whole by what was saved, and goes up',
  async (how) => {
    const server = filled(1, 100)
    const device = new Device(server)
    const { drafts, photo: taken } = photo(1, BYTES)
    const key = `sealed/${taken.image}`
    let isDamaged = false
    const tab = await device.tab((ports) => {
      const get = (one: string) => (isDamaged && one === key ? Promise.reject(new SealBroken()) : ports.blobs.get(one))
      const put = (one: string, bytes: Uint8Array) => {
        if (one === key) isDamaged = false
        return ports.blobs.put(one, bytes)
      }
      return { ...ports, blobs: { ...ports.blobs, get, put } }
    })
    tab.transport.fault = ({ path }) => (path.includes('uploads') ? { kind: 'lost' } : undefined)
    await tab.engine.mutate(drafts, [taken])
    const work = tab.engine.unsent()
    if (how === 'gone') await tab.ports.blobs.delete([key])
    else isDamaged = true
    await tab.engine.syncNow()
    expect(tab.engine.setAside().uploads).toMatchObject([{ image: taken.image }])
    const load = async () => BYTES
    expect(await tab.engine.bringIn(work, load)).toMatchObject({ pictures: 1, lacking: 0 })
    expect(await tab.engine.bringIn(work, load)).toMatchObject({ pictures: 0, lacking: 0 })
    expect(tab.engine.setAside().uploads).toEqual([])
    tab.transport.fault = () => undefined
    await tab.engine.syncNow()
    await tab.rest()
    expect(tab.engine.unsent().pictures).toEqual([])
    expect([...server.uploads.values()].map(({ bytes }) => new Uint8Array(bytes))).toEqual([BYTES])
  },
)

test('E35 a device without room takes nothing of it', async () => {
  const { work, bytes } = await saved()
  const other = new Device(filled(1, 100), 2)
  const tab = await other.tab()
  tab.transport.fault = () => ({ kind: 'lost' })
  await settle()
  const load = async ({ image }: { image: string }) => {
    queueMicrotask(() => {
      other.disk.full = true
    })
    return bytes(image)
  }
  await expect(tab.engine.bringIn(work, load)).rejects.toThrow('no room')
  expect(tab.engine.unsent().changes).toEqual([])
  expect([...other.disk.records.blobs.keys()]).toEqual([])
})

const moose: AnimalItem = { type: 'animal', id: id(7), scientificName: 'Alces alces', rev: 1 }
const shown = entry(1)
const image = { id: id(0x20), state: 'ready' as const }
const friend = (n: number, state: FriendItem['state']) =>
  [id(n), { type: 'friend', id: id(n), username: 'ben', displayName: 'Ben', state, since: 1 }] as const
const people: Known['people'] = {
  friends: new Map([friend(30, 'friends'), friend(31, 'asks'), friend(32, 'asked')]),
  blocks: new Map([[id(33), { type: 'block', id: id(33), username: 'jo', displayName: 'Jo', since: 1 }]]),
}
const known = (more: object = {}, rest: Partial<Known> = {}): Known => ({
  people,
  entries: new Map([[shown.id, { ...shown, pending: false, images: [image], ...more }]]),
  trash: new Map(),
  outings: new Map([[id(5), { type: 'outing', id: id(5), created: 1, pending: false }]]),
  conflicts: new Map(),
  profile: undefined,
  animal: (one) => (one === moose.id ? moose : undefined),
  ...rest,
})
const change = (rest: Partial<Mutation>): Mutation => ({ n: 1, type: 'entry', id: shown.id, op: 'update', ...rest })
const to = (field: string, value: unknown): Mutation['set'] => ({ [field]: { was: null, to: value as never } })

test.each<[string, Mutation, Known, boolean]>([
  ['an entry that is here', change({ op: 'create' }), known(), false],
  ['an entry that is nowhere', change({ op: 'create', id: id(2) }), known(), true],
  ['a picture that is here', change({ type: 'image', id: image.id, op: 'create' }), known(), false],
  ['an outing that is here', change({ type: 'outing', id: id(5), op: 'create' }), known(), false],
  ['a deletion of what is here', change({ op: 'delete' }), known(), true],
  ['a deletion of what is gone', change({ op: 'delete', id: id(2) }), known(), false],
  ['a clash that was settled', change({ type: 'conflict', id: id(9), op: 'delete' }), known(), false],
  ['the note that stands', change({ set: to('note', 'note 1') }), known(), false],
  ['another note', change({ set: to('note', 'other') }), known(), true],
  ['no favourite where there is none', change({ set: to('favourite', false) }), known(), false],
  [
    'an animal by its name, numbered since',
    change({ set: to('animal', { scientificName: 'alces ALCES' }) }),
    known({ animal: moose.id }),
    false,
  ],
  ['another animal', change({ set: to('animal', { id: id(8) }) }), known({ animal: moose.id }), true],
  ['no animal where there is one', change({ set: to('animal', null) }), known({ animal: moose.id }), true],
  [
    'what was said already',
    change({ set: { identifications: { add: [{ id: id(3) }] } } }),
    known({ identifications: [{ id: id(3) }] }),
    false,
  ],
  [
    'what was not said yet',
    change({ set: { identifications: { add: [{ id: id(4) }] } } }),
    known({ identifications: [{ id: id(3) }] }),
    true,
  ],
  ['asking by code', change({ type: 'friend', id: id(40), op: 'create', set: to('code', 'ABCDEFGH') }), known(), true],
  [
    'taking back what was asked by code',
    change({ type: 'friend', id: id(40), op: 'delete', set: to('code', 'ABCDEFGH') }),
    known(),
    true,
  ],
  ['asking somebody', change({ type: 'friend', id: id(40), op: 'create' }), known(), true],
  ['asking who asks', change({ type: 'friend', id: id(31), op: 'create' }), known(), true],
  ['asking who was asked', change({ type: 'friend', id: id(32), op: 'create' }), known(), false],
  ['accepting who asks', change({ type: 'friend', id: id(31), set: to('state', 'friends') }), known(), true],
  ['accepting a friend', change({ type: 'friend', id: id(30), set: to('state', 'friends') }), known(), false],
  ['ending a friendship', change({ type: 'friend', id: id(30), op: 'delete' }), known(), true],
  ['ending what is none', change({ type: 'friend', id: id(40), op: 'delete' }), known(), false],
  ['blocking', change({ type: 'block', id: id(30), op: 'create' }), known(), true],
  ['blocking once more', change({ type: 'block', id: id(33), op: 'create' }), known(), false],
  ['unblocking', change({ type: 'block', id: id(33), op: 'delete' }), known(), true],
  ['an edit of what is not here', change({ id: id(2), set: to('note', 'x') }), known(), true],
])('C1 brought in: %s', (_, saving, dex, isFresh) => {
  expect(freshChanges([saving], dex, []).length).toBe(isFresh ? 1 : 0)
})

test('C1 edits that were followed by others count by how they end, so that no old text comes back as a clash', () => {
  const edits = [change({ set: to('note', 'first') }), change({ n: 2, set: { note: { was: 'first', to: 'second' } } })]
  expect(freshChanges(edits, known({ note: 'second' }), [])).toEqual([])
  expect(freshChanges(edits, known({ note: 'before' }), [])).toEqual(edits)
})

test('C1 what was deleted and brought back stays, and what was brought back and deleted goes', () => {
  const [gone, back] = [change({ op: 'delete' }), change({ n: 2, op: 'restore' })]
  expect(freshChanges([gone, back], known(), [])).toEqual([])
  expect(freshChanges([back, gone], known(), [])).toEqual([gone])
})

const set = Object.fromEntries(
  Object.entries({ entry: id(1), sha256: 'ab'.repeat(32), size: 3, mediaType: 'image/jpeg' }).map(([field, value]) => [
    field,
    { to: value },
  ]),
)
/** One of each type; a new type has to be said here, and handled where saved work is read. */
const EVERY: Readonly<Record<MutationType, Draft>> = {
  entry: created(1),
  image: { type: 'image', id: id(2), op: 'create', set },
  outing: { type: 'outing', id: id(3), op: 'create', set: to('name', 'By the lake') },
  setting: { type: 'setting', id: ACCOUNT, op: 'update', set: to('displayName', 'Mara') },
  conflict: { type: 'conflict', id: id(4), op: 'delete' },
  friend: { type: 'friend', id: id(5), op: 'create', set: to('code', 'ABCDEFGH') },
  block: { type: 'block', id: id(6), op: 'create' },
}

test('C1 changes of every type are saved and brought in again, but for clashes that are no more', async () => {
  const device = new Device(filled())
  const tab = await device.tab()
  tab.transport.fault = () => ({ kind: 'lost' })
  await tab.engine.mutate(MUTATION_TYPES.map((type) => EVERY[type]))
  const { changes } = tab.engine.unsent()
  await tab.engine.wipe()
  expect(changes.map(({ type }) => type)).toEqual(MUTATION_TYPES)
  const other = await new Device(filled(), 2).tab()
  other.transport.fault = () => ({ kind: 'lost' })
  const file: unknown = {
    format: WORK_FORMAT,
    version: 1,
    account: ACCOUNT,
    username: 'm',
    saved: '2026-11-22T10:00:00Z',
    changes,
    pictures: [],
  }
  const work = soundWork(JSON.parse(JSON.stringify(file)))
  expect(work?.changes).toEqual(changes)
  await other.engine.bringIn(work as Unsent, async () => undefined)
  const back = changes.filter(({ type }) => type !== 'conflict')
  expect(other.engine.unsent().changes).toEqual(back.map((one, i) => ({ ...one, n: 1 + i })))
})

test('C1 what waits in the outbox is not taken again, though it does not show because it was set aside', () => {
  const saving = change({ n: 7, set: to('note', 'other') })
  expect(freshChanges([saving], known(), [{ ...saving, n: 3 }])).toEqual([])
  expect(freshChanges([saving], known(), [{ ...saving, n: 3, set: to('note', 'else') }])).toEqual([saving])
})
