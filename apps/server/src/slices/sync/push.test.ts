import { randomUUID } from 'node:crypto'
import type { FieldChange } from '@biologidex/core/sync/mutation'
import { dexFeed } from '@biologidex/core/sync/wire'
import { eachDatabase } from '@biologidex/test-kit/databases'
import { fold, headOf, newDevice, syncContext, TestDevice } from '@biologidex/test-kit/dex'
import fc from 'fast-check'
import { expect, test } from 'vitest'

type Shown = { note?: string; visibility?: string; animal?: string; favourite?: boolean; [field: string]: unknown }

eachDatabase((_name, databases) => {
  async function world() {
    const ctx = await syncContext(await databases.open())
    const phone = await newDevice(ctx)
    return { ctx, phone, laptop: new TestDevice(ctx, phone.account) }
  }
  async function state(device: TestDevice): Promise<Map<string, Shown>> {
    return fold(new Map(), await device.pull(), dexFeed(device.account)) as Map<string, Shown>
  }
  const conflicts = (all: Map<string, Shown>) => [...all.values()].filter((item) => item.type === 'conflict')

  test('O3: a repeat gets the recorded result and changes nothing, until it is acknowledged', async () => {
    const { ctx, phone } = await world()
    const create = phone.change('entry', randomUUID(), 'create', { note: { to: 'once' } })
    const first = await phone.push([create])
    const head = await headOf(ctx, phone.account, 'owner')
    expect(await phone.push([create])).toEqual(first)
    expect(await headOf(ctx, phone.account, 'owner')).toBe(head)
    const next = phone.change('entry', create.id, 'update', { note: { was: 'once', to: 'twice' } })
    expect(await phone.push([create, next])).toMatchObject([first[0], { n: 2, status: 'done' }])
    await phone.push([phone.change('entry', create.id, 'update', { favourite: { to: true } })], 2)
    await expect(phone.push([create])).rejects.toMatchObject({ code: 'new_identity' })
  })

  test('O3: the same number with other content tells a cloned profile to take a new identity', async () => {
    const { phone } = await world()
    const create = phone.change('entry', randomUUID(), 'create', { note: { to: 'mine' } })
    await phone.push([create])
    await expect(phone.push([{ ...create, id: randomUUID() }])).rejects.toMatchObject({ code: 'new_identity' })
    expect((await state(phone)).size).toBe(1)
    await expect(
      phone.push([
        { ...create, n: 3 },
        { ...create, n: 2 },
      ]),
    ).rejects.toMatchObject({ code: 'invalid_input' })
  })

  test('O4: edits of different fields merge; of one field the first stands and the other is kept to be chosen', async () => {
    const { phone, laptop } = await world()
    const id = randomUUID()
    await phone.push([phone.change('entry', id, 'create', { note: { to: 'old' }, visibility: { to: 'public' } })])
    await laptop.push([
      laptop.change('entry', id, 'update', {
        note: { was: 'old', to: 'laptop' },
        visibility: { was: 'public', to: 'friends' },
      }),
    ])
    const [result] = await phone.push([
      phone.change('entry', id, 'update', {
        note: { was: 'old', to: 'phone' },
        favourite: { to: true },
        visibility: { was: 'public', to: 'private' },
      }),
    ])
    expect(result).toMatchObject({ status: 'done', conflicts: ['note'] })
    const after = await state(laptop)
    expect(after.get(`entry/${id}`)).toMatchObject({ note: 'laptop', favourite: true, visibility: 'private' })
    const [conflict] = conflicts(after)
    expect(conflict).toMatchObject({ entry: id, field: 'note', lost: 'phone', stands: 'laptop' })
    await laptop.push([laptop.change('conflict', conflict?.id as string, 'delete')])
    expect(conflicts(await state(laptop))).toEqual([])
  })

  test('O4: an animal merges by what both sides mean, by name or by id', async () => {
    const { phone, laptop } = await world()
    const id = randomUUID()
    const typed = { scientificName: 'ALCES ALCES (Linnaeus, 1758)' }
    await phone.push([phone.change('entry', id, 'create', { animal: { to: typed } })])
    const moose = (await state(phone)).get(`entry/${id}`)?.animal
    expect(
      await laptop.push([laptop.change('entry', id, 'update', { animal: { to: { scientificName: 'Alces alces' } } })]),
    ).toMatchObject([{ status: 'done' }])
    expect(conflicts(await state(phone))).toEqual([])
    await laptop.push([
      laptop.change('entry', id, 'update', { animal: { was: typed, to: { scientificName: 'Vulpes vulpes' } } }),
    ])
    const [clash] = await phone.push([
      phone.change('entry', id, 'update', { animal: { was: { id: moose as string }, to: { scientificName: 'Meles meles' } } }),
    ])
    expect(clash).toMatchObject({ conflicts: ['animal'] })
    expect(conflicts(await state(phone))[0]).toMatchObject({ field: 'animal', lost: { scientificName: 'Meles meles' } })
    // What did not stand made no record and took no number.
    const names = await phone.ctx.db.read
      .selectFrom('animals')
      .select(['scientific_name', 'number'])
      .orderBy('number')
      .execute()
    expect(names.map((row) => [row.scientific_name, row.number])).toEqual([
      ['Alces alces', 1],
      ['Vulpes vulpes', 2],
    ])
  })

  test('O5: an edit of an entry deleted elsewhere brings it back as private; deleting can be undone', async () => {
    const { phone, laptop } = await world()
    const id = randomUUID()
    await phone.push([phone.change('entry', id, 'create', { note: { to: 'old' }, visibility: { to: 'public' } })])
    await laptop.push([laptop.change('entry', id, 'delete')])
    expect([...(await state(phone)).keys()]).toEqual([`trash/${id}`])
    const [result] = await phone.push([
      phone.change('entry', id, 'update', { note: { was: 'old', to: 'new' }, visibility: { was: 'public', to: 'friends' } }),
    ])
    expect(result).toMatchObject({ status: 'done', revived: true })
    expect((await state(laptop)).get(`entry/${id}`)).toMatchObject({ note: 'new', visibility: 'private' })
    await phone.push([phone.change('entry', id, 'delete'), phone.change('entry', id, 'delete')])
    await phone.push([phone.change('entry', id, 'restore'), phone.change('entry', id, 'restore')])
    expect((await state(laptop)).get(`entry/${id}`)).toMatchObject({ note: 'new', visibility: 'private' })
  })

  test('O5: the clashes of a deleted entry go and come with it; after 30 days it stays deleted', async () => {
    const { ctx, phone, laptop } = await world()
    const id = randomUUID()
    await phone.push([phone.change('entry', id, 'create', { note: { to: 'old' } })])
    await laptop.push([laptop.change('entry', id, 'update', { note: { was: 'old', to: 'a' } })])
    await phone.push([phone.change('entry', id, 'update', { note: { was: 'old', to: 'b' } })])
    await phone.push([phone.change('entry', id, 'delete')])
    expect(conflicts(await state(phone))).toEqual([])
    await phone.push([phone.change('entry', id, 'restore')])
    expect(conflicts(await state(phone))).toHaveLength(1)
    await phone.push([phone.change('entry', id, 'delete')])
    await ctx.db.write((tx) => tx.q.updateTable('entries').set({ deleted_at: 1 }).execute())
    expect(await phone.push([phone.change('entry', id, 'restore')])).toMatchObject([
      { status: 'rejected', code: 'missing_target' },
    ])
  })

  test('O5: a clash of an entry that the same push deletes waits with it too', async () => {
    const { phone, laptop } = await world()
    const id = randomUUID()
    await phone.push([phone.change('entry', id, 'create', { note: { to: 'old' } })])
    await laptop.push([laptop.change('entry', id, 'update', { note: { was: 'old', to: 'a' } })])
    await phone.push([
      phone.change('entry', id, 'update', { note: { was: 'old', to: 'b' } }),
      phone.change('entry', id, 'delete'),
    ])
    expect([...(await state(phone)).keys()]).toEqual([`trash/${id}`])
    await phone.push([phone.change('entry', id, 'restore')])
    expect(conflicts(await state(phone))).toHaveLength(1)
  })

  test.each([
    ['a field that is not there', { colour: { to: 'red' } }],
    ['a date that is not one', { observed: { to: { at: '2026-02-30' } } }],
    ['a place off the map', { place: { to: { lat: 91, lon: 0 } } }],
    ['a visibility that is cleared', { visibility: { to: null } }],
    ['an animal without a name', { animal: { to: { scientificName: '???' } } }],
    ['a field changed like a list', { note: { add: [] } }],
    ['a list changed like a field', { identifications: { to: [] } }],
    ['an identification that is none', { identifications: { add: [{ id: 'x' }] } }],
    ['too large customizations', { customizations: { to: { a: 'x'.repeat(16_001) } } }],
    ['a character that cannot be stored', { note: { to: 'a\0b' } }],
  ] as [string, Record<string, FieldChange>][])(
    'O6: %s is set aside with its reason, and the others go on',
    async (_what, set) => {
      const { phone } = await world()
      const results = await phone.push([
        phone.change('entry', randomUUID(), 'create', { ...set, note: set.note ?? { to: 'bad' } }),
        phone.change('entry', randomUUID(), 'create', { note: { to: 'good' } }),
      ])
      expect(results).toMatchObject([
        { status: 'rejected', code: 'invalid_mutation', message: expect.any(String) },
        { status: 'done' },
      ])
      expect([...(await state(phone)).values()].map((entry) => entry.note)).toEqual(['good'])
    },
  )

  test('O6: what refers to nothing is set aside, whatever its type', async () => {
    const { phone } = await world()
    const picture = {
      entry: { to: randomUUID() },
      sha256: { to: 'a'.repeat(64) },
      size: { to: 5 },
      mediaType: { to: 'image/png' },
    }
    const results = await phone.push([
      phone.change('entry', randomUUID(), 'update', { note: { to: 'x' } }),
      phone.change('entry', randomUUID(), 'delete'),
      phone.change('entry', randomUUID(), 'restore'),
      phone.change('entry', randomUUID(), 'create', { animal: { to: { id: randomUUID() } } }),
      phone.change('image', randomUUID(), 'create', picture),
      phone.change('image', randomUUID(), 'update', { alt: { to: 'x' } }),
      phone.change('balloon', randomUUID(), 'create'),
      phone.change('conflict', randomUUID(), 'create'),
    ])
    expect(results.map((result) => result.code)).toEqual([
      ...Array.from({ length: 6 }, () => 'missing_target'),
      'invalid_mutation',
      'invalid_mutation',
    ])
  })

  test('pictures: announced once, bounded, described, removed', async () => {
    const { phone, laptop } = await world()
    const [id, image] = [randomUUID(), randomUUID()]
    const picture = (changes: Record<string, FieldChange> = {}) => ({
      ...{ entry: { to: id }, sha256: { to: 'a'.repeat(64) }, size: { to: 5 }, mediaType: { to: 'image/png' } },
      ...changes,
    })
    await phone.push([phone.change('entry', id, 'create'), phone.change('image', image, 'create', picture())])
    const results = await phone.push([
      phone.change('image', image, 'create', picture()),
      phone.change('image', image, 'create', picture({ sha256: { to: 'b'.repeat(64) } })),
      phone.change('image', randomUUID(), 'create', picture({ size: { to: 50_000_001 } })),
      phone.change('image', randomUUID(), 'create', picture({ mediaType: { to: 'image/svg+xml' } })),
      phone.change('image', image, 'update', { alt: { to: 'A moose' }, position: { was: 0, to: 2 } }),
      phone.change('image', image, 'update', { sha256: { to: 'c'.repeat(64) } }),
      phone.change('image', image, 'restore'),
    ])
    expect(results.map((result) => result.code ?? result.status)).toEqual([
      'done',
      'invalid_mutation',
      'picture_too_large',
      'invalid_mutation',
      'done',
      'invalid_mutation',
      'done',
    ])
    const [clash] = await laptop.push([
      laptop.change('image', image, 'update', { alt: { to: 'An elk' }, position: { was: 0, to: 7 } }),
    ])
    expect(clash).toMatchObject({ conflicts: [`image/${image}/alt`] })
    expect((await state(phone)).get(`entry/${id}`)).toMatchObject({
      images: [{ id: image, state: 'waiting', alt: 'A moose', position: 2 }],
    })
    const many = Array.from({ length: 20 }, () => phone.change('image', randomUUID(), 'create', picture()))
    expect((await phone.push(many)).map((result) => result.status).filter((status) => status === 'rejected')).toHaveLength(1)
    await phone.push([phone.change('image', image, 'delete'), phone.change('image', image, 'delete')])
    expect(JSON.stringify((await state(phone)).get(`entry/${id}`))).not.toContain(image)
  })

  test('every accepted change is recorded as a revision with its device', async () => {
    const { ctx, phone } = await world()
    const id = randomUUID()
    await phone.push([phone.change('entry', id, 'create', { note: { to: 'a' } })])
    await phone.push([phone.change('entry', id, 'update', { note: { was: 'a', to: 'b' }, favourite: { to: false } })])
    await phone.push([phone.change('entry', id, 'delete')])
    const rows = await ctx.db.read.selectFrom('revisions').selectAll().orderBy('n').execute()
    expect(rows.map((row) => [row.n, JSON.parse(row.changes)])).toEqual([
      [1, [{ op: 'create' }, { field: 'note', was: null, to: 'a' }]],
      [2, [{ field: 'note', was: 'a', to: 'b' }]],
      [3, [{ op: 'delete' }]],
    ])
    expect(new Set(rows.map((row) => row.device)).size).toBe(1)
  })

  test('O4: whatever two devices do, nothing typed is dropped: it stands, or it was replaced by one who saw it, or it is a conflict', async () => {
    const { phone, laptop } = await world()
    const step = fc.record({ onPhone: fc.boolean(), see: fc.boolean(), text: fc.stringMatching(/^[a-z]{3,8}$/) })
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 2, maxLength: 6 }), async (steps) => {
        const id = randomUUID()
        await phone.push([phone.change('entry', id, 'create', { note: { to: 'start' } })])
        const seen = new Map([
          [phone, 'start'],
          [laptop, 'start'],
        ])
        const replaced = new Set(['start'])
        for (const { onPhone, see, text } of steps) {
          const device = onPhone ? phone : laptop
          if (see) seen.set(device, String((await state(device)).get(`entry/${id}`)?.note))
          const was = seen.get(device) ?? ''
          const [result] = await device.push([device.change('entry', id, 'update', { note: { was, to: text } })])
          if (!result?.conflicts) replaced.add(was)
          seen.set(device, text)
        }
        const all = await state(phone)
        const kept = new Set([
          String(all.get(`entry/${id}`)?.note),
          ...conflicts(all).map((item) => String(item.lost)),
          ...replaced,
        ])
        for (const { text } of steps) expect(kept).toContain(text)
      }),
      { numRuns: 12 },
    )
  })
})
