import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { isUuid } from '../ids.ts'
import { type IdentifiedDex, type PlanInput, type PlanRow, planImport, settlePicture } from './import-plan.ts'
import type { KnownEntry } from './known-dex.ts'
import { readOldDex } from './old-dex.ts'
import { type Digest, identify, pictureId } from './old-identity.ts'
import { guessOwn } from './own-dexes.ts'

const ME = '11111111-1111-4111-8111-111111111111'
const OLD_ME = '0b3c4d5e-1111-4222-8333-444455556666'
const FRIEND = '9a8b7c6d-1111-4222-8333-444455556666'
const entryId = (n: number) => `aaaaaaaa-0000-7000-8000-${String(n).padStart(12, '0')}`
const digest: Digest = async (text) => createHash('sha256').update(text).digest('hex')
const importer = { account: ME, username: 'Mara' }

interface Raw {
  creation_index?: number
  scientific_name?: string
  common_name?: string
  dex_entry_id?: string
  owner_username?: string
  image_checksum?: string
}
const moose: Raw = { creation_index: 12, scientific_name: 'Alces alces', common_name: 'Moose' }
const fox: Raw = { creation_index: 3, scientific_name: 'Vulpes vulpes', common_name: 'Red fox' }

async function dexOf(path: string, records: readonly unknown[], user?: string, account = ME): Promise<IdentifiedDex> {
  const dex = readOldDex(path, JSON.stringify({ records, ...(user ? { user_id: user } : {}) }))
  if (!dex) throw new Error('no list')
  const identified = dex.members.map(async (member) =>
    'record' in member ? { identity: await identify(member.record, account, digest), file: undefined } : undefined,
  )
  return { ...dex, identified: await Promise.all(identified) }
}
const v1 = (...records: unknown[]) => dexOf('dex_database.json', records)
const v2 = (...records: unknown[]) => dexOf(`dex_data/${OLD_ME}_dex.json`, records, OLD_ME)

function plan(dexes: readonly IdentifiedDex[], here: Partial<PlanInput> = {}): PlanRow[] {
  return planImport({ ...importer, dexes, own: guessOwn(dexes, importer), entries: [], trash: [], ...here })
}
const fates = (rows: readonly PlanRow[]) => rows.map(({ fate }) => fate)
/** The dex after an import. */
const after = (rows: readonly PlanRow[], pictures = 1): KnownEntry[] =>
  rows.flatMap(({ fate, entry = '' }) => (fate === 'new' ? [{ id: entry, publicId: `public-${entry}`, pictures }] : []))

test('a second time everything is here; deleted since, it stays deleted', async () => {
  const dex = await v2(moose, { ...fox, dex_entry_id: entryId(1) }, { common_name: 'Some moth' })
  const rows = plan([dex])
  expect(fates(rows)).toEqual(['new', 'new', 'new'])
  for (const { entry } of rows) expect(isUuid(entry)).toBe(true)
  expect(fates(plan([dex], { entries: after(rows) }))).toEqual(['here', 'here', 'here'])
  expect(fates(plan([dex], { trash: after(rows) }))).toEqual(['deleted', 'deleted', 'deleted'])
  const [kept, ...gone] = after(rows)
  expect(fates(plan([dex], { entries: kept ? [kept] : [], trash: gone }))).toEqual(['here', 'deleted', 'deleted'])
})

test('an entry that is here because it came from this server is known by its public id, or is it by its own', async () => {
  const dex = await v2({ ...moose, dex_entry_id: entryId(1) })
  for (const known of [
    { id: ME, publicId: entryId(1), pictures: 1 },
    { id: entryId(1), publicId: ME, pictures: 1 },
  ]) {
    expect(plan([dex], { entries: [known] })).toMatchObject([{ fate: 'here', entry: known.id }])
    expect(plan([dex], { trash: [known] })).toMatchObject([{ fate: 'deleted', entry: known.id }])
  }
})

test('an early list of this very account knows its entries by their animals, another account’s does not', async () => {
  const known = { id: ME, publicId: ME, scientificName: 'Alces alces', pictures: 1 }
  const mine = await dexOf('a_dex.json', [moose, fox], ME)
  expect(fates(plan([mine], { entries: [known] }))).toEqual(['here', 'new'])
  expect(fates(plan([await v2(moose)], { entries: [known] }))).toEqual(['new'])
})

test('the same sighting in the v1 and the v2 list, or with and without its entry’s id, is one', async () => {
  const said = { ...moose, dex_entry_id: entryId(1) }
  const both = plan([await v1(moose, fox), await v2(fox, said)])
  expect(fates(both)).toEqual(['twice', 'new', 'twice', 'new'])
  const early = plan([await v1(moose)])
  expect(fates(plan([await v2(said)], { entries: after(early) }))).toEqual(['here'])
  const late = plan([await v2(said)])
  expect(fates(plan([await v1(moose)], { entries: after(late) }))).toEqual(['here'])
  // Its animal has another name by now.
  const renamed = await v2({ ...said, scientific_name: 'Alces americanus', creation_index: 99 })
  expect(fates(plan([renamed], { entries: after(late) }))).toEqual(['here'])
})

test('two sightings are two: by their entries’ ids, or by their pictures where there is no number', async () => {
  const rows = plan([await v1({ ...moose, dex_entry_id: entryId(1) }, { ...moose, dex_entry_id: entryId(2) })])
  expect(fates(rows)).toEqual(['new', 'new'])
  const { creation_index: _, ...unnumbered } = moose
  const [a, b] = ['a', 'b'].map((digit) => ({ ...unnumbered, image_checksum: digit.repeat(64) }))
  expect(fates(plan([await v1(a, b, a)]))).toEqual(['new', 'new', 'twice'])
})

test('what is somebody else’s never becomes one’s own: another’s list, another’s record in one’s own', async () => {
  const mine = await dexOf(
    `${OLD_ME}_dex.json`,
    [
      { ...moose, owner_username: 'mara' },
      { ...fox, owner_username: 'ben' },
    ],
    OLD_ME,
  )
  const theirs = await dexOf(`${FRIEND}_dex.json`, [{ ...fox, owner_username: 'ben' }], FRIEND)
  expect(plan([mine, theirs])).toMatchObject([
    { fate: 'new' },
    { fate: 'other', code: 'somebody_else' },
    { fate: 'other', code: 'somebody_else' },
  ])
})

test('whose a list is: what it says counts, what cannot be told is left to the person', async () => {
  const owned = (records: Raw[], owner: string) => records.map((record) => ({ ...record, owner_username: owner }))
  const guess = async (...dexes: Promise<IdentifiedDex>[]) => [...guessOwn(await Promise.all(dexes), importer)]
  const [mine, theirs] = [`${OLD_ME}_dex.json`, `${FRIEND}_dex.json`]
  expect(await guess(dexOf(mine, [moose], OLD_ME))).toEqual([mine])
  expect(await guess(dexOf(mine, [moose], OLD_ME), dexOf(theirs, [fox], FRIEND))).toEqual([])
  expect(await guess(dexOf(mine, [moose], ME), dexOf(theirs, [fox], FRIEND))).toEqual([mine])
  expect(await guess(dexOf(mine, owned([moose], 'MARA'), OLD_ME), dexOf(theirs, owned([fox], 'ben'), FRIEND))).toEqual([mine])
  expect(await guess(dexOf(theirs, owned([fox], 'ben'), FRIEND))).toEqual([])
  expect(await guess(dexOf('self_dex.json', [moose], 'self'), dexOf(theirs, [fox], FRIEND))).toEqual(['self_dex.json'])
  expect(await guess(v1(moose))).toEqual(['dex_database.json'])
  expect(await guess(v1(moose), dexOf(mine, [moose], OLD_ME))).toEqual(['dex_database.json', mine])
  expect(await guess(v1(moose), dexOf(mine, [moose], OLD_ME), dexOf(theirs, [fox], FRIEND))).toEqual(['dex_database.json'])
  expect(await guess(v1(...owned([moose], 'ben')))).toEqual([])
})

test('an entry that is here without a picture gets the record’s, if it is whole', async () => {
  const dex = await v2(moose)
  const [row] = plan([dex], { entries: after(plan([dex]), 0) })
  if (!row) throw new Error('no row')
  expect(row.fate).toBe('picture')
  expect(settlePicture(row, undefined, false)).toMatchObject({ fate: 'picture', notes: [] })
  expect(settlePicture(row, 'picture_damaged', false)).toMatchObject({ fate: 'here', code: 'here' })
})

test('what comes otherwise than it was written is said', async () => {
  const rows = plan([await v2(moose, { common_name: 'Some moth' })])
  expect(rows.map(({ notes }) => notes)).toEqual([['date_unknown'], ['name_missing', 'date_unknown']])
  const [row] = rows
  if (!row) throw new Error('no row')
  expect(settlePicture(row, 'picture_missing', false).notes).toEqual(['date_unknown', 'picture_missing'])
  expect(settlePicture(row, undefined, true).notes).toEqual(['date_unknown', 'picture_changed'])
})

const anyRaw = fc.record(
  {
    creation_index: fc.nat(6),
    scientific_name: fc.constantFrom('Alces alces', 'Vulpes vulpes', 'Lynx lynx', 'Unknown'),
    common_name: fc.constantFrom('Moose', 'Red fox', 'x'),
    dex_entry_id: fc.nat(8).map(entryId),
    owner_username: fc.constantFrom('mara', 'ben'),
    image_checksum: fc.constantFrom('a'.repeat(64), 'b'.repeat(64)),
  },
  { requiredKeys: [] },
)

test('whatever the lists hold: the same plan each time, no entry twice, nothing new the second time', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(anyRaw, { maxLength: 12 }), fc.array(anyRaw, { maxLength: 6 }), async (old, later) => {
      const dexes = [await v1(...old), await v2(...later)]
      const rows = plan(dexes, { own: new Set(dexes.map(({ path }) => path)) })
      expect(plan(dexes, { own: new Set(dexes.map(({ path }) => path)) })).toEqual(rows)
      expect(rows).toHaveLength(old.length + later.length)
      const made = after(rows)
      expect(new Set(made.map(({ id }) => id)).size).toBe(made.length)
      const own = new Set(dexes.map(({ path }) => path))
      expect(fates(plan(dexes, { own, entries: made }))).not.toContain('new')
      // In another order, file by file, on another day.
      for (const dex of dexes.toReversed()) expect(fates(plan([dex], { own, entries: made }))).not.toContain('new')
    }),
    { numRuns: 150 },
  )
})

test('another account’s import of the same file makes other entries', async () => {
  const [mine, theirs] = await Promise.all([v2(moose), dexOf('x_dex.json', [moose], OLD_ME, FRIEND)])
  expect(mine.identified[0]?.identity.id).not.toBe(theirs.identified[0]?.identity.id)
  expect(isUuid(await pictureId(ME, 'ab'.repeat(32), digest))).toBe(true)
})
