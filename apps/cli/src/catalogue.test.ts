import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { eachDatabase } from '@biologidex/test-kit/databases'
import { afterAll, beforeAll, expect, it } from 'vitest'

const MAIN = join(import.meta.dirname, 'main.ts')

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'biologidex-lists-'))
})
afterAll(() => rm(folder, { recursive: true }))

eachDatabase((_name, databases) => {
  it('brings a list in, names every line it cannot read, and says what came of it', async () => {
    const { dataDir, databaseUrl } = await databases.settings()
    const env = { PATH: process.env.PATH, DATA_DIR: dataDir, ...(databaseUrl ? { DATABASE_URL: databaseUrl } : {}) }
    const biologidex = (...args: string[]) =>
      new Promise<{ code: unknown; out: string; err: string }>((resolve) => {
        execFile(process.execPath, [MAIN, ...args], { env }, (error, out, err) => resolve({ code: error?.code ?? 0, out, err }))
      })
    const list = join(folder, 'list.tsv')
    await writeFile(list, 'scientific_name\tname_en\nLynx ficta\tMade-up lynx\n1\t\nLynx altera\tOther lynx\n')
    expect(await biologidex('catalogue', 'import', list)).toEqual({
      code: 1,
      out: '2 new, 0 changed, 0 as they were.\n',
      err: 'line 3: "1" is not a scientific name\n1 lines were not understood and left out.\n',
    })
    expect((await biologidex('catalogue', 'import', list)).out).toBe('0 new, 0 changed, 2 as they were.\n')
    const nothing = await biologidex('catalogue', 'import', join(folder, 'nothing.tsv'))
    expect(nothing).toMatchObject({ code: 1, out: '', err: expect.stringMatching(/^.*nothing\.tsv cannot be read: .*\n$/) })
  })
})
