import { eachDatabase } from '@biologidex/test-kit/databases'
import { expect, test, vi } from 'vitest'
import { LONGEST_WRITE_MS } from './db.ts'

eachDatabase((_name, databases) => {
  const secrets = async (db: Awaited<ReturnType<typeof databases.open>>) =>
    (await db.read.selectFrom('secrets').select('name').where('name', 'like', 'test%').execute()).map(({ name }) => name)

  test('a write that took too long is undone: readers by time have looked past it (V1)', async () => {
    const db = await databases.open()
    const clock = vi.spyOn(performance, 'now')
    const write = (name: string, ms: number) =>
      db.write(async ({ q }) => {
        await q.insertInto('secrets').values({ name, value: '' }).execute()
        const begun = clock.mock.results.at(-1)?.value as number
        clock.mockReturnValueOnce(begun + ms)
      })
    await write('test in time', LONGEST_WRITE_MS)
    await expect(write('test too late', LONGEST_WRITE_MS + 1)).rejects.toMatchObject({ code: 'unavailable' })
    clock.mockRestore()
    expect(await secrets(db)).toEqual(['test in time'])
    await db.write(({ q }) => q.insertInto('secrets').values({ name: 'test after', value: '' }).execute())
    expect(await secrets(db)).toContain('test after')
  })
})
