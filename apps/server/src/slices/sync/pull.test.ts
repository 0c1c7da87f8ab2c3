import { randomUUID } from 'node:crypto'
import { accountFeed, CATALOGUE, dexFeed } from '@biologidex/core/sync/wire'
import { eachDatabase } from '@biologidex/test-kit/databases'
import { fold, newDevice, ROWS, syncContext, type TestDevice } from '@biologidex/test-kit/dex'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Cursor, planFor, readCursor, writeCursor } from './cursor.ts'
import { StreamEnded } from './pull.service.ts'
import { readPull } from './sync.routes.ts'
import { pull } from './sync.service.ts'

const notes = (device: TestDevice, ids: readonly string[], text: string) =>
  ids.map((id) => device.change('entry', id, 'create', { note: { to: text } }))
const idsOf = (count: number) => Array.from({ length: count }, () => randomUUID() as string)

const cursor: fc.Arbitrary<Cursor> = fc.record({
  feed: fc.nat(),
  epoch: fc.stringMatching(/^[0-9a-f]{12}$/),
  position: fc.nat(),
  snapshotHead: fc.nat(),
})

describe('cursors', () => {
  test('P2: what is written is read, and anything else is no cursor', () => {
    fc.assert(
      fc.property(cursor, (it) => {
        expect(readCursor(writeCursor(it))).toEqual(it)
      }),
    )
    fc.assert(
      fc.property(fc.string(), (text) => {
        const read = readCursor(text)
        if (read) expect(writeCursor(read)).toBe(text.replace(/(^|\.)0+(?=[0-9a-z])/g, '$1'))
      }),
    )
  })

  test('P2, P3, P4, P6: how a cursor is answered', () => {
    const head = {
      id: 3,
      owner: 'o',
      kind: 'owner',
      epoch: 'abcdefabcdef',
      head: 100,
      floor: 50,
      live: 10,
      closed: 0,
      changedAt: 0,
      picturedAt: 0,
      wholeBefore: 0,
    }
    const plan = (changes: Partial<Cursor>) =>
      planFor(head, writeCursor({ feed: 3, epoch: head.epoch, position: 80, snapshotHead: 80, ...changes })).mode
    expect(planFor(head, undefined).mode).toBe('snapshot')
    expect(plan({})).toBe('changes')
    expect(plan({ feed: 4 })).toBe('reset')
    expect(plan({ epoch: '000000000000' })).toBe('restored')
    expect(plan({ position: 101 })).toBe('restored')
    expect(plan({ snapshotHead: 101 })).toBe('restored')
    expect(plan({ position: 49, snapshotHead: 49 })).toBe('reset')
    // A slow snapshot that began above the floor goes on, wherever it stands.
    expect(plan({ position: 10, snapshotHead: 60 })).toBe('changes')
    expect(planFor(head, 'no cursor at all').mode).toBe('reset')
  })
})

describe('requests', () => {
  const account = randomUUID()
  test.each([
    [null],
    [{}],
    [{ account, cursors: [] }],
    [{ account, cursors: { a: 1 } }],
    [{ account, cursors: { a: 'x'.repeat(201) } }],
    [{ account, cursors: Object.fromEntries(Array.from({ length: 1101 }, (_, at) => [at, 'x'])) }],
    [{ account, cursors: {}, digest: 7 }],
    [{ account, cursors: {}, only: 'dex' }],
    [{ account, cursors: {}, only: [1] }],
  ])('a malformed pull is refused', (body) => {
    expect(() => readPull(body, account)).toThrow(expect.objectContaining({ code: 'invalid_input' }))
  })

  test('O1: another account’s pull is refused', () => {
    expect(() => readPull({ account: randomUUID(), cursors: {} }, account)).toThrow(
      expect.objectContaining({ code: 'wrong_account' }),
    )
    expect(readPull({ account, cursors: { a: 'b' }, only: ['a'] }, account)).toMatchObject({ only: ['a'] })
  })
})

eachDatabase((_name, databases) => {
  async function world() {
    const ctx = await syncContext(await databases.open())
    return { ctx, mara: await newDevice(ctx) }
  }
  const last = (pulled: Awaited<ReturnType<TestDevice['pull']>>, feed: string) =>
    pulled.chunks.filter(({ chunk }) => chunk.feed === feed).at(-1)?.chunk.cursor ?? ''

  test('P1: a first pull brings all of it, a second says in one line that nothing changed', async () => {
    const { mara } = await world()
    const own = dexFeed(mara.account)
    await mara.push(notes(mara, idsOf(3), 'x'))
    const first = await mara.pull()
    expect(first.hello?.feeds).toEqual([
      { feed: own, mode: 'snapshot', total: 3 },
      { feed: accountFeed(mara.account), mode: 'snapshot', total: 0 },
      { feed: CATALOGUE, mode: 'snapshot', total: 0 },
    ])
    expect(fold(new Map(), first, own).size).toBe(3)
    const cursors = Object.fromEntries(first.chunks.map(({ chunk }) => [chunk.feed, chunk.cursor]))
    expect((await mara.pull(cursors, { digest: first.digest ?? '' })).unchanged).toBe(true)
    await mara.push(notes(mara, idsOf(1), 'y'))
    const second = await mara.pull(cursors, { digest: first.digest ?? '' })
    expect(second.chunks.map(({ chunk, items }) => [chunk.feed, items.length])).toEqual([[own, 1]])
  })

  test('P1: `only` brings just those feeds and leaves the digest to a full pull', async () => {
    const { mara } = await world()
    const pulled = await mara.pull({}, { only: [CATALOGUE] })
    expect(pulled.hello?.feeds.map((feed) => feed.feed)).toEqual([CATALOGUE])
    expect(pulled.digest).toBe('')
  })

  test('P5: the cursor of a dex that is not followed answers gone, whether it exists or not', async () => {
    const { ctx, mara } = await world()
    const other = await newDevice(ctx)
    const names = [dexFeed(other.account), dexFeed(randomUUID())]
    const pulled = await mara.pull(Object.fromEntries(names.map((name) => [name, '1.abcdefabcdef.0.0'])))
    expect(pulled.hello?.feeds.filter((feed) => names.includes(feed.feed)).map((feed) => feed.mode)).toEqual(['gone', 'gone'])
  })

  test('P3: a snapshot cut anywhere goes on where it stood, and ends at what the dex is by then', async () => {
    const { mara } = await world()
    const own = dexFeed(mara.account)
    const ids = idsOf(ROWS * 2 + 20)
    for (let at = 0; at < ids.length; at += ROWS) await mara.push(notes(mara, ids.slice(at, at + ROWS), 'first'))
    const state = new Map<string, unknown>()
    let pulled = await mara.pull({}, { chunks: 1 })
    fold(state, pulled, own)
    expect(state.size).toBeGreaterThan(1)
    expect(state.size).toBeLessThanOrEqual(ROWS)
    // What is gone before the reader gets there, what changes behind its back, what it already has and goes.
    const [seen, changed, unseen] = [ids[0] ?? '', ids[1] ?? '', ids.at(-1) ?? '']
    await mara.push([
      mara.change('entry', seen, 'delete'),
      mara.change('entry', changed, 'update', { note: { was: 'first', to: 'second' } }),
      mara.change('entry', unseen, 'delete'),
    ])
    for (let turns = 0; turns < 10; turns += 1) {
      const cursors = { [own]: last(pulled, own) }
      pulled = await mara.pull(cursors, { chunks: 1, only: [own] })
      if (pulled.chunks.length === 0) break
      fold(state, pulled, own)
    }
    const fresh = fold(new Map(), await mara.pull(), own)
    expect(state).toEqual(fresh)
    expect([...fresh.keys()].filter((key) => key.startsWith('entry/'))).toHaveLength(ids.length - 2)
  })

  test('P7: an answer ends at the head it began with, and at once when its right goes away', async () => {
    const { ctx, mara } = await world()
    const own = dexFeed(mara.account)
    const ids = idsOf(ROWS + 5)
    await mara.push(notes(mara, ids.slice(0, ROWS), 'x'))
    await mara.push(notes(mara, ids.slice(ROWS), 'x'))
    const pulled = await mara.pull({}, { between: async () => void (await mara.push(notes(mara, idsOf(1), 'late'))) })
    expect(fold(new Map(), pulled, own).size).toBe(ROWS + 5)

    let asked = 0
    const answer = await pull(ctx, { account: mara.account, cursors: {} }, async () => ++asked < 2)
    const texts: Uint8Array[] = []
    const reading = async () => {
      if (answer.kind === 'lines') for await (const text of answer.lines) texts.push(text)
    }
    await expect(reading()).rejects.toBeInstanceOf(StreamEnded)
    const said = Buffer.concat(texts).toString()
    expect(said.match(/^\{"chunk"/gm)).toHaveLength(1)
    expect(said).not.toContain('"end"')
  })

  test('the digest moves with every feed that is followed and with nothing else', async () => {
    const { ctx, mara } = await world()
    const other = await newDevice(ctx)
    const digest = () => ctx.db.hot.followedDigest(mara.account)
    const before = await digest()
    await other.push(notes(other, idsOf(1), 'x'))
    expect(await digest()).toBe(before)
    await mara.push(notes(mara, idsOf(1), 'x'))
    expect(await digest()).not.toBe(before)
  })
})
