import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readOldDex, recordsOf } from './old-dex.ts'
import { namesOf, readRecord } from './old-record.ts'

const ID = '0b3c4d5e-1111-7222-8333-444455556666'
const full = {
  creation_index: 12,
  scientific_name: 'Alces alces',
  common_name: 'Moose',
  image_checksum: 'AB'.repeat(32),
  dex_compatible_url: 'https://old.example/12.png',
  updated_at: '2025-08-01T10:00:00Z',
  cached_image_path: 'user://dex_cache/x/y.png',
  animal_id: ID,
  dex_entry_id: ID.toUpperCase(),
  owner_username: 'mara',
  catch_date: '2025-07-30T06:15:20.123456+02:00',
}
const one = (more: object) => {
  const read = readRecord({ creation_index: 1, scientific_name: 'Alces alces', ...more }, '', 'here')
  return 'record' in read ? read.record : read.code
}

test('a record is read with all that it says', () => {
  expect(readRecord(full, '12', 'there')).toEqual({
    label: { name: 'Moose', place: 'there' },
    record: {
      index: 12,
      scientificName: 'Alces alces',
      commonName: 'Moose',
      entryId: ID,
      owner: 'mara',
      observed: { at: '2025-07-30T06:15', zone: 120 },
      written: Date.UTC(2025, 7, 1, 10),
      checksum: 'ab'.repeat(32),
      url: 'https://old.example/12.png',
      path: 'user://dex_cache/x/y.png',
    },
  })
})

test('all forms of both versions are lists: keyed, in a row, with or without a person', () => {
  const { dex_entry_id: _, creation_index: __, ...early } = full
  const lists = [
    ['dex_database.json', { records: [full] }, undefined],
    ['dex_database.json', { records: { 12: early } }, undefined],
    ['old/dex_database (1).json', { records: { '12.0': early } }, undefined],
    [`dex_data/${ID}_dex.json`, { version: '2.0', records: { 12: full } }, ID],
    ['renamed.json', { version: '2.0', user_id: ID, records: { 12: full } }, ID],
  ] as const
  for (const [path, json, user] of lists) {
    const dex = readOldDex(path, `\ufeff${JSON.stringify(json)}`)
    expect(dex).toMatchObject({ path, owner: 'mara', members: [{ label: { name: 'Moose' }, record: { index: 12 } }] })
    expect(dex?.user).toBe(user)
    expect(dex?.code).toBeUndefined()
  }
})

test('other files of the client are no lists, and what is only called like one is said', () => {
  expect(readOldDex('sync_state.json', `{"${ID}":"2025-08-01T10:00:00Z"}`)).toBeUndefined()
  expect(readOldDex('settings.json', 'half a {')).toBeUndefined()
  for (const text of ['', 'null', '{"records":7}', '[]'])
    expect(readOldDex('dex_data/a_dex.json', text)).toMatchObject({ members: [], code: 'file_not_understood' })
})

test.each<[string, unknown]>([
  ['record_not_understood', null],
  ['record_not_understood', 'Moose'],
  ['record_not_understood', [full]],
  ['record_not_understood', {}],
  ['record_not_understood', { mood: 'good' }],
  ['record_empty', { creation_index: 1, catch_date: '2025-01-01T10:00:00Z' }],
  ['record_empty', { scientific_name: 'Unknown', common_name: '???', dex_entry_id: ID }],
  ['record_damaged', { ...full, scientific_name: 'Vulpes vul\ufffdes' }],
  ['record_damaged', { common_name: 'Moo\u0007se', creation_index: 1 }],
  ['record_damaged', { ...full, scientific_name: 7 }],
  ['record_damaged', { ...full, scientific_name: 'x'.repeat(300) }],
])('%s: %j', (code, raw) => {
  expect(readRecord(raw, '1', 'here')).toMatchObject({ code })
})

test('damage to what a record can do without costs only that', () => {
  const hurt = {
    common_name: 'Moo\u0007se',
    owner_username: 7,
    dex_compatible_url: 'x\ufffd',
    cached_image_path: [],
    catch_date: {},
  }
  expect(readRecord({ ...full, ...hurt }, '12', 'there')).toEqual({
    label: { name: 'Alces alces', place: 'there' },
    record: { index: 12, scientificName: 'Alces alces', entryId: ID, written: expect.any(Number), checksum: 'ab'.repeat(32) },
  })
})

test('every member is reported, those that are no records too', () => {
  const dex = readOldDex('dex_database.json', JSON.stringify({ records: [full, null, 3, { ...full, creation_index: 13 }] }))
  expect(dex?.members.map((member) => ('code' in member ? member.code : member.record.index))).toEqual([
    12,
    'record_not_understood',
    'record_not_understood',
    13,
  ])
})

test('of a damaged list the whole records are read, and it is said', () => {
  const text = JSON.stringify({ version: '2.0', user_id: ID, records: { 1: full, 2: full, 3: full } })
  const dex = readOldDex('copy.json', text.slice(0, -40))
  expect(dex).toMatchObject({ user: ID, code: 'file_damaged', owner: 'mara' })
  expect(recordsOf(dex?.members ?? [])).toHaveLength(2)
  expect(dex?.members.at(-1)).toEqual({ label: { place: '3' }, code: 'record_damaged' })
})

test.each<[unknown, unknown]>([
  ['2025-07-30T06:15:20Z', { at: '2025-07-30T06:15', zone: 0 }],
  ['2025-07-30T00:00:00Z', { at: '2025-07-30' }],
  ['2025-07-30T00:00:00+02:00', { at: '2025-07-30T00:00', zone: 120 }],
  ['2025-07-30T06:15:20', { at: '2025-07-30T06:15' }],
  ['2025-07-30', { at: '2025-07-30' }],
  ['2025-07-30T00:00:00', { at: '2025-07-30' }],
  ['2025-02-30T06:15:20Z', undefined],
  ['yesterday', undefined],
  [1_753_856_120, undefined],
  [null, undefined],
  ['', undefined],
])('the date %j is %j', (catch_date, observed) => {
  expect(one({ catch_date, updated_at: '2025-08-01T10:00:00Z' })).toHaveProperty('index')
  expect((one({ catch_date }) as { observed?: unknown }).observed).toEqual(observed)
})

test('a scientific name is kept as one, anything else as what it was called', () => {
  const names = (scientific_name: unknown, common_name?: unknown) => {
    const record = one({ scientific_name, common_name })
    return typeof record === 'object' ? namesOf(record) : record
  }
  expect(names(' ALCES ALCES (Linnaeus, 1758)', 'Moose')).toEqual({ scientific: 'Alces alces', called: 'Moose' })
  expect(names('Unknown', 'Some moth')).toEqual({ called: 'Some moth' })
  expect(names('7-spot', undefined)).toEqual({ called: '7-spot' })
})

test('whatever byte of a list is damaged, records that it is not in are read as they were', () => {
  const records = Object.fromEntries(
    Array.from({ length: 9 }, (_, i) => [i + 1, { ...full, creation_index: i + 1, common_name: `Møøse ${i}` }]),
  )
  const bytes = new TextEncoder().encode(JSON.stringify({ version: '2.0', user_id: ID, records, last_updated: '2025' }))
  const read = (of: Uint8Array) => recordsOf(readOldDex('a_dex.json', new TextDecoder().decode(of))?.members ?? [])
  const whole = read(bytes)
  const starts = whole.map(({ index }) => new TextDecoder('latin1').decode(bytes).indexOf(`{"creation_index":${index},`))
  fc.assert(
    fc.property(fc.nat(bytes.length - 1), fc.uint8Array({ minLength: 1, maxLength: 6 }), (at, junk) => {
      const damaged = bytes.slice()
      damaged.set(junk.subarray(0, bytes.length - at), at)
      const found = read(damaged).map((record) => JSON.stringify(record))
      for (const [i, record] of whole.entries()) {
        const end = (starts[i + 1] ?? bytes.length) - 1
        const isHit = at <= end && at + junk.length > (starts[i] ?? 0)
        if (!isHit) expect(found).toContain(JSON.stringify(record))
      }
    }),
    { numRuns: 500 },
  )
})
