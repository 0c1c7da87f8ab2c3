import { soundWork, WORK_FORMAT } from '@biologidex/core/exchange/saved-work'
import { expect, test } from 'vitest'
import { begunWork } from './begun-work.ts'
import type { Unkept } from './capture-draft.ts'

const ACCOUNT = '11111111-1111-4111-8111-111111111111'
const ENTRY = '22222222-2222-4222-8222-222222222222'
const photo = (last: number): File =>
  new File([new Uint8Array([0xff, 0xd8, 0xff, 0xe0, 0, 0, 0, 0, 0, 0, 0, 0, last])], 'photo')
const [first, second, apart] = [photo(1), photo(2), photo(3)]
const begun: Unkept = {
  draft: {
    entry: ENTRY,
    sha256: 'ab'.repeat(32),
    choice: { kind: 'text', text: 'some beetle' },
    more: { note: 'Under the bark.', privateNote: 'Third oak.', count: '3', captive: true, visibility: 'public' },
    when: { value: { at: '2026-09-14T07:10' }, from: 'you' },
    where: { value: { lat: 63.1, lon: -147.5 }, from: 'photo' },
    source: 'camera',
    type: 'image/jpeg',
    modified: 1,
  },
  files: [first, second, apart],
  apart: [apart],
}
const readBack = ({ drafts }: Awaited<ReturnType<typeof begunWork>>) =>
  soundWork({
    format: WORK_FORMAT,
    version: 1,
    account: ACCOUNT,
    username: 'mara',
    saved: '2026-11-22T10:00:00.000Z',
    changes: JSON.parse(JSON.stringify(drafts.map((draft, i) => ({ ...draft, n: i + 1 })))) as unknown[],
    pictures: [],
  })

test('a capture that was begun is saved with all that was said of it, for nobody else to see, as whoever reads it takes it', async () => {
  const work = await begunWork(ACCOUNT, [begun], 'Mara')
  const [said, one, two, other, three] = work.drafts
  expect(said).toMatchObject({
    ...{ type: 'entry', id: ENTRY, op: 'create' },
    set: {
      ...{ note: { to: 'Under the bark.' }, privateNote: { to: 'Third oak.' }, count: { to: 3 }, captive: { to: true } },
      ...{ observed: { to: { at: '2026-09-14T07:10' } }, place: { to: { lat: 63.1, lon: -147.5 } } },
      ...{ visibility: { to: 'private' }, identifications: { add: [{ by: 'Mara', text: 'some beetle' }] } },
    },
  })
  for (const image of [one, two]) expect(image).toMatchObject({ type: 'image', set: { entry: { to: ENTRY } } })
  expect(other).toMatchObject({ type: 'entry', set: { visibility: { to: 'private' } } })
  expect(three).toMatchObject({ type: 'image', set: { entry: { to: other?.id } } })
  expect(work.drafts).toHaveLength(5)
  expect(work.photos.map(({ original }) => original.at(-1))).toEqual([1, 2, 3])
  expect(readBack(work)).toMatchObject({ changes: { length: 5 }, left: { unknown: 0, unfit: 0 } })
})

test('saved twice it is the same entries and pictures, so that it is brought in once', async () => {
  const ids = async () => (await begunWork(ACCOUNT, [begun], 'Mara')).drafts.map(({ id }) => id)
  expect(await ids()).toEqual(await ids())
})

test('of one that was kept only the photos that were set apart are left', async () => {
  const { drafts } = await begunWork(ACCOUNT, [{ files: [apart], apart: [apart] }], 'Mara')
  expect(drafts.map(({ type }) => type)).toEqual(['entry', 'image'])
  expect(drafts[0]?.id).not.toBe(ENTRY)
})
