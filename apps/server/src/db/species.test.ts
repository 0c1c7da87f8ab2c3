import { eachDatabase } from '@biologidex/test-kit/databases'
import { expect, test } from 'vitest'
import type { Db } from './db.ts'
import { raw } from './fixed-driver.ts'

/** As a database was before animals knew their species. */
async function undo({ write }: Db): Promise<void> {
  await write(async ({ q }) => {
    await q.executeQuery(raw('DROP INDEX animals_by_species'))
    await q.executeQuery(raw('ALTER TABLE animals DROP COLUMN species'))
    await q.executeQuery(raw('DELETE FROM migrations WHERE number = 16'))
  })
}

eachDatabase((_name, databases) => {
  test('an upgrade finds subspecies of vulnerable species, and has what others see of them projected anew', async () => {
    const settings = await databases.settings()
    const before = await databases.open(settings)
    await before.write(({ q }) => q.deleteFrom('jobs').execute())
    await undo(before)
    const animals = [
      ['tiger', 'Fictus tigris', 'EN', 1],
      ['siberian', 'Fictus tigris altaica', null, 2],
      ['javan', 'Fictus tigris sondaica', 'EX', 3],
      ['nobodys', 'Fictus tigris corbetti', null, null],
      ['genus', 'Fictus', null, 4],
    ] as const
    await before.write(async ({ q }) => {
      for (const [id, name, iucn, number] of animals) {
        const row = { id, scientific_name: name, iucn, number, rank: null, record: '{}', verified: 0, rev: 1, named_at: 0 }
        const unknown = { source: null, source_id: null, first_kept_by: null, first_kept_at: null }
        await q
          .insertInto('animals')
          .values({ ...row, ...unknown })
          .execute()
        await q.insertInto('animal_keys').values({ name_key: name.toLowerCase(), animal_id: id }).execute()
      }
    })
    await before.close()

    const { read } = await databases.open(settings)
    const ids = animals.map(([id]) => id)
    const rows = await read.selectFrom('animals').select(['id', 'species']).where('id', 'in', ids).execute()
    expect(Object.fromEntries(rows.map(({ id, species }) => [id, species]))).toEqual({
      tiger: null,
      siberian: 'fictus tigris',
      javan: 'fictus tigris',
      nobodys: 'fictus tigris',
      genus: null,
    })
    expect(await read.selectFrom('jobs').select(['kind', 'payload']).execute()).toEqual([
      { kind: 'reproject animal', payload: 'siberian' },
    ])
  })
})
