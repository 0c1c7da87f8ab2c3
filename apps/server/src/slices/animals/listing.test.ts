import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { gzipSync } from 'node:zlib'
import { eachDatabase } from '@biologidex/test-kit/databases'
import { newDevice, readyPicture, syncContext, type TestDevice } from '@biologidex/test-kit/dex'
import { afterAll, beforeAll, beforeEach, describe, expect, it, test } from 'vitest'
import type { Context } from '../../context.ts'
import { createLog } from '../../http/log.ts'
import { createJobQueue } from '../../jobs/queue.ts'
import { registerReprojectJobs } from '../entries/reproject.service.ts'
import { type ListLine, NotAList, parseRow, readList } from './list-file.ts'
import { takeList } from './listing.service.ts'

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'biologidex-lists-'))
})
afterAll(() => rm(folder, { recursive: true }))

async function gathered(lines: AsyncIterable<ListLine>): Promise<ListLine[]> {
  const all: ListLine[] = []
  for await (const line of lines) all.push(line)
  return all
}

async function linesOf(bytes: string | Uint8Array, name = 'list.tsv'): Promise<ListLine[]> {
  const path = join(folder, name)
  await writeFile(path, bytes)
  return gathered(readList(path))
}

const problems = (lines: ListLine[]) => lines.flatMap((line) => ('problem' in line ? [[line.line, line.problem]] : []))
const names = (lines: ListLine[]) => lines.flatMap((line) => ('animal' in line ? [line.animal.record.scientificName] : []))

describe('a list of animals', () => {
  test('is read line by line; what a line gets wrong costs that line only', async () => {
    const text = [
      '\ufeffscientific_name\tname_en\tname_fr\tiucn',
      'Alces alces\tMoose\tÉlan\tLC',
      '123\tNothing\t\t',
      '',
      'Lynx lynx\tEurasian lynx\t\tZZ',
      'Vulpes vulpes\tRed fox\t\tLC\tone too many',
      'Meles meles\tEuropean badger\t\t',
    ].join('\r\n')
    const lines = await linesOf(text)
    expect(names(lines)).toEqual(['Alces alces', 'Meles meles'])
    expect(problems(lines)).toEqual([
      [3, '"123" is not a scientific name'],
      [5, expect.stringContaining('"ZZ" is no IUCN category')],
      [6, '5 columns where the header has 4'],
    ])
    expect(lines[0]).toMatchObject({ animal: { record: { names: { en: ['Moose'], fr: ['Élan'] } } } })
  })

  test('may be packed, and names columns as checklists do', async () => {
    const lines = await linesOf(
      gzipSync('scientific_name\tcommon_name\tother_names\nAlces alces\tMoose\tElk|Moose'),
      'list.tsv.gz',
    )
    expect(lines).toMatchObject([{ line: 2, animal: { record: { names: { en: ['Moose', 'Elk'] } } } }])
  })

  test('says what it is not', async () => {
    await expect(linesOf('')).rejects.toThrow(NotAList)
    await expect(linesOf('name\nMoose')).rejects.toThrow('no column scientific_name')
    await expect(linesOf('not packed', 'broken.tsv.gz')).rejects.toThrow(NotAList)
    await expect(gathered(readList(join(folder, 'nowhere.tsv')))).rejects.toThrow(NotAList)
    // A line too long costs that line; one without end would fill the memory.
    expect(problems(await linesOf(`scientific_name\n${'x'.repeat(30_000)}\nAlces alces`))).toHaveLength(1)
    await expect(linesOf(`scientific_name\n${'x'.repeat(1_200_000)}`)).rejects.toThrow(NotAList)
    const packed = gzipSync(`scientific_name\n${Array.from({ length: 2_000 }, (_, i) => `Genus species${i}`).join('\n')}`)
    await expect(linesOf(packed.subarray(0, packed.length / 2), 'cut.tsv.gz')).rejects.toThrow(NotAList)
  })
})

eachDatabase((_name, databases) => {
  let ctx: Context
  let ada: TestDevice

  beforeEach(async () => {
    const db = await databases.open()
    const jobs = createJobQueue(db, createLog('silent'), { pollEvery: 10 })
    ctx = { ...(await syncContext(db)), jobs }
    registerReprojectJobs(ctx)
    ada = await newDevice(ctx)
  })

  const take = (rows: Record<string, string>[], mayChange?: () => boolean) => {
    const lines = rows.map((row, at): ListLine => ({ line: at + 2, animal: parseRow({ source: 'A list', ...row }) }))
    return takeList(ctx, Readable.from(lines), { onProblem: () => undefined, ...(mayChange ? { mayChange } : {}) })
  }
  const animal = async (name: string) => {
    const row = await ctx.db.read
      .selectFrom('animals')
      .selectAll()
      .where('scientific_name', '=', name)
      .executeTakeFirstOrThrow()
    return { ...row, record: JSON.parse(row.record) as Record<string, unknown> }
  }
  const count = async () =>
    Number(
      (
        await ctx.db.read
          .selectFrom('animals')
          .select((eb) => eb.fn.countAll().as('n'))
          .executeTakeFirstOrThrow()
      ).n,
    )

  it('is taken in again and again without duplicates, and moves nothing the second time', async () => {
    const rows = Array.from({ length: 450 }, (_, at) => ({
      scientific_name: `Genus species${'abcdefghij'[at % 10]}${'x'.repeat(at / 10)}y`,
      name_en: `Name ${at}`,
    }))
    expect(await take(rows)).toEqual({ added: 450, changed: 0, same: 0, narrowed: 0 })
    const feed = () => ctx.db.read.selectFrom('feeds').select('head').where('kind', '=', 'catalogue').executeTakeFirstOrThrow()
    const before = await feed()
    expect(await take(rows)).toEqual({ added: 0, changed: 0, same: 450, narrowed: 0 })
    expect(await feed()).toEqual(before)
    expect(await count()).toBe(450)
  })

  it('renames in place, by its name or an older one, and leaves what it does not speak of', async () => {
    await take([{ scientific_name: 'Felis lynx', name_en: 'Lynx', name_de: 'Luchs', iucn: 'LC', iucn_date: '2014' }])
    const { id } = await animal('Felis lynx')
    expect(await take([{ scientific_name: 'Lynx lynx', name_en: 'Eurasian lynx', synonyms: 'Felis lynx' }])).toMatchObject({
      changed: 1,
    })
    expect(await animal('Lynx lynx')).toMatchObject({
      id,
      rev: 2,
      iucn: 'LC',
      record: { names: { en: ['Eurasian lynx'], de: ['Luchs'] }, iucn: { category: 'LC', source: 'A list', date: '2014' } },
    })
    expect(await take([{ scientific_name: 'Lynx lynx', name_en: 'Eurasian lynx' }])).toMatchObject({ same: 1 })
    expect(await take([{ scientific_name: 'Lynx lynx', name_en: 'Another' }], () => false)).toMatchObject({ same: 1 })
  })

  describe('what others see of an animal that its names make vulnerable', () => {
    const vulnerable = { iucn: 'VU', iucn_date: '2026' }
    /** An entry for friends, of what was typed. @returns asks how many feeds of others show it exactly, and are open */
    async function keep(scientificName: string) {
      const settings = { visibility: 'friends', friendsPrecision: 'exact', publicPrecision: 'exact' }
      await ctx.db.write((tx) =>
        tx.q
          .updateTable('accounts')
          .set({ settings: JSON.stringify(settings) })
          .execute(),
      )
      const entry = crypto.randomUUID()
      const set = { animal: { to: { scientificName } }, place: { to: { lat: 47.12345, lon: 9.54321 } } }
      await ada.push([ada.change('entry', entry, 'create', set)])
      await readyPicture(ada, entry)
      const exact = async () => {
        const rows = await ctx.db.read
          .selectFrom('feed_items')
          .innerJoin('feeds', 'feeds.id', 'feed_items.feed_id')
          .select('feeds.kind')
          .where('feeds.closed', '=', 0)
          .where('kind', '!=', 'owner')
          .where('item', '=', `entry/${entry}`)
          .where('payload', 'like', '%47.12345%')
          .execute()
        return rows.length
      }
      expect(await exact()).toBe(1)
      return exact
    }
    async function stayNarrow(exact: () => Promise<number>) {
      expect(await exact()).toBe(0)
      ctx.jobs.start()
      await ctx.jobs.idle()
      await ctx.jobs.stop()
      expect(await exact()).toBe(0)
    }

    it('is an area: its name and an older one were two animals', async () => {
      await take([{ scientific_name: 'Lynx pardinus' }])
      const exact = await keep('Felis pardina')
      const rows = [{ scientific_name: 'Lynx pardinus', synonyms: 'Felis pardina', ...vulnerable }]
      expect(await take(rows)).toMatchObject({ narrowed: 2 })
      await stayNarrow(exact)
      expect((await animal('Felis pardina')).iucn).toBe('VU')
      expect(await take(rows)).toMatchObject({ same: 1, narrowed: 0 })
    })

    it.each<[string, string, Record<string, string>[]]>([
      ['a subspecies of a species that is new', 'Lynx pardinus minor', [{ scientific_name: 'Lynx pardinus', ...vulnerable }]],
      [
        'a subspecies of an older name that it did not have',
        'Felis pardina minor',
        [
          { scientific_name: 'Lynx pardinus', ...vulnerable },
          { scientific_name: 'Lynx pardinus', synonyms: 'Felis pardina', ...vulnerable },
        ],
      ],
      [
        'a subspecies by its new name',
        'Felis minor',
        [
          { scientific_name: 'Lynx pardinus', ...vulnerable },
          { scientific_name: 'Lynx pardinus minor', synonyms: 'Felis minor', rank: 'subspecies' },
        ],
      ],
    ])('is an area: it is %s', async (_what, typed, rows) => {
      const exact = await keep(typed)
      for (const row of rows) await take([row])
      await stayNarrow(exact)
    })
  })

  it('narrows what others see of an animal that became vulnerable', async () => {
    await take([{ scientific_name: 'Lynx lynx', iucn: 'LC' }])
    const { id } = await animal('Lynx lynx')
    const settings = { visibility: 'public', friendsPrecision: 'exact', publicPrecision: 'exact' }
    await ctx.db.write((tx) =>
      tx.q
        .updateTable('accounts')
        .set({ settings: JSON.stringify(settings) })
        .execute(),
    )
    const entry = crypto.randomUUID()
    const place = { lat: 47.12345, lon: 9.54321, accuracy: 5 }
    await ada.push([
      ada.change('entry', entry, 'create', { animal: { to: { id } }, place: { to: place }, visibility: { to: 'public' } }),
    ])
    await readyPicture(ada, entry)
    const shown = async () => {
      const rows = await ctx.db.read
        .selectFrom('feed_items')
        .innerJoin('feeds', 'feeds.id', 'feed_items.feed_id')
        .select(['feeds.kind', 'feeds.closed', 'feed_items.payload'])
        .where('feeds.owner_id', '=', ada.account)
        .where('item', '=', `entry/${entry}`)
        .where('kind', '!=', 'owner')
        .execute()
      return rows.map(({ closed, payload }) => ({ closed: closed > 0, exact: String(payload).includes('47.12345') }))
    }
    const before = await shown()
    expect(await take([{ scientific_name: 'Lynx lynx', iucn: 'VU', iucn_date: '2026' }])).toMatchObject({
      changed: 1,
      narrowed: 1,
    })
    expect((await shown()).map(({ closed }) => closed)).toEqual([true, true])
    ctx.jobs.start()
    await expect.poll(shown).toEqual([
      { closed: false, exact: false },
      { closed: false, exact: false },
    ])
    await ctx.jobs.stop()
    expect(before.some(({ exact }) => exact)).toBe(true)
    expect((await animal('Lynx lynx')).record).toMatchObject({ iucn: { category: 'VU', date: '2026' } })
    expect(await take([{ scientific_name: 'Lynx lynx', iucn: 'VU', iucn_date: '2026' }])).toMatchObject({
      same: 1,
      narrowed: 0,
    })
  })
})
