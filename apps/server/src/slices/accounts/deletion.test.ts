import { randomUUID } from 'node:crypto'
import { accountFeed, dexFeed } from '@biologidex/core/sync/wire'
import { type DatabaseSettings, eachDatabase } from '@biologidex/test-kit/databases'
import { befriended, fold, readyPicture, TestDevice } from '@biologidex/test-kit/dex'
import { accountOf, PASSWORD, sessionOf, startTestServer, type TestServer } from '@biologidex/test-kit/test-server'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { publicPage, readable } from '../sync/sync.service.ts'
import { addConversion, addJob, putName, putPicture } from '../v1/v1.store.ts'
import { noteDeletion, notedDeletions } from './deletion-notes.ts'

const TABLES = {
  sqlite: sql`SELECT name FROM sqlite_master WHERE type = 'table'`,
  postgres: sql`SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'public'`,
}
const NOTE = 'a heron under the bridge of sighs'

eachDatabase((_name, databases) => {
  let settings: DatabaseSettings
  let server: TestServer
  beforeAll(async () => {
    settings = await databases.settings()
    server = await startTestServer(settings)
  })
  afterAll(() => server.close())

  async function newcomer(username: string) {
    const up = await server.signUp(username, 'bearer')
    return { username, headers: sessionOf(up), device: new TestDevice(server.ctx, accountOf(up)) }
  }
  type Person = Awaited<ReturnType<typeof newcomer>>
  async function keep({ device }: Person, scientificName: string): Promise<string> {
    const id = randomUUID()
    const animal = { to: { scientificName } }
    const set = { animal, note: { to: NOTE }, visibility: { to: 'public' }, place: { to: { lat: 1, lon: 2 } } }
    await device.push([device.change('entry', id, 'create', set)])
    await device.push([device.change('outing', randomUUID(), 'create', { name: { to: NOTE } })])
    await readyPicture(device, id)
    return id
  }
  const remove = ({ headers }: Person, password = PASSWORD) =>
    server.ask('POST', '/api/v2/accounts/me/deletion', { headers, body: { password } })
  const ask = ({ headers }: Person, path: string) => server.ask('GET', path, { headers })

  /** Every row of the database, by table. */
  async function tables(): Promise<Map<string, readonly object[]>> {
    const { read, dialect } = server.ctx.db
    const { rows } = await sql<{ name: string }>`${TABLES[dialect]}`.execute(read)
    const rowsOf = (name: string): Promise<readonly object[]> =>
      read
        .selectFrom(name as 'accounts')
        .selectAll()
        .execute()
    return new Map(await Promise.all(rows.map(async ({ name }) => [name, await rowsOf(name)] as const)))
  }
  /** As text. A removal says which item is gone, and devices have to be told. */
  async function everything(): Promise<string> {
    const isRemoval = (row: object) => 'payload' in row && row.payload === null
    return JSON.stringify([...(await tables()).values()].map((table) => table.filter((row) => !isRemoval(row))))
  }

  /** Fills what nobody's ordinary day fills: rows of an account in every table that has any. */
  async function leaveEverywhere({ headers, device }: Person, entry: string): Promise<void> {
    const { account: owner_id } = device
    const [bytes, of] = [
      { sha256: 'e'.repeat(64), size: 9 },
      { width: 1, height: 1, original_size: 9, original_format: 'PNG' },
    ]
    await device.push([device.change('entry', entry, 'update', { note: { was: 'another', to: 'lost' } })])
    const current = await server.ask('GET', '/api/v2/sessions', { headers })
    const [session] = (current.json as unknown as { sessions: { id: string }[] }).sessions
    await server.ctx.db.write(async (tx) => {
      const { q } = tx
      const image = await q.selectFrom('images').selectAll().where('owner_id', '=', owner_id).executeTakeFirstOrThrow()
      const animal = await q.selectFrom('animals').select('id').limit(1).executeTakeFirstOrThrow()
      const id = randomUUID()
      await putPicture(tx, { owner_id, image_id: image.id, entry_id: entry, ...bytes, made_at: 1 })
      await addConversion(tx, { id, owner_id, ...bytes, ...of, created_at: 1, expires_at: Date.now() * 2 })
      await addJob(tx, { id, owner_id, conversion_id: id, ...bytes, retries: 0, created_at: 1 })
      await putName(tx, owner_id, animal.id, NOTE)
      const upload = { id, owner_id, image_id: image.id, size: 9, offset: 0, created_at: 1 }
      await q.insertInto('uploads').values(upload).execute()
      const link = { token_hash: owner_id, account_id: owner_id, expires_at: Date.now() * 2 }
      await q.insertInto('password_resets').values(link).execute()
      const refresh = { token_hash: `refresh of ${owner_id}`, session_id: session?.id ?? '' }
      await q.insertInto('v1_refresh').values(refresh).execute()
    })
  }

  describe('a deleted account (G3)', () => {
    test('is gone at once by every way: for friends, for strangers, for itself', async () => {
      const [mara, theo, vera] = [await newcomer('mara'), await newcomer('theo'), await newcomer('vera')]
      await befriended(mara.device, theo.device)
      const entry = await keep(mara, 'Ardea cinerea')
      const [dex, theirs] = [mara.device.account, await keep(theo, 'Passer domesticus')]
      const before = await theo.device.pull()
      const cursors = Object.fromEntries(before.chunks.map(({ chunk }) => [chunk.feed, chunk.cursor]))
      expect((await remove(mara, 'wrong')).json.code).toBe('password_wrong')
      expect((await remove(mara)).json).toEqual({ deleted: true })
      expect(await notedDeletions(settings.dataDir)).toContain(dex)

      for (const viewer of [theo, vera]) {
        expect(await readable(server.ctx, viewer.device.account, dex, `entry/${entry}`)).toBeUndefined()
        await expect(publicPage(server.ctx, viewer.device.account, dex)).rejects.toMatchObject({ code: 'not_found' })
        expect((await ask(viewer, '/api/v2/people/by-name/mara')).status).toBe(404)
      }
      const after = await theo.device.pull(cursors, { digest: before.digest ?? '' })
      expect(after.hello?.feeds).toContainEqual({ feed: dexFeed(dex), mode: 'gone', total: 0 })
      expect((await ask(mara, '/api/v2/sessions/current')).json.code).toBe('account_deleted')
      const again = { username: 'mara', password: PASSWORD, device: 'x', session: 'bearer' }
      expect((await server.ask('POST', '/api/v2/sessions', { body: again })).json.code).toBe('sign_in_failed')
      expect(await readable(server.ctx, vera.device.account, theo.device.account, `entry/${theirs}`)).toContain(theirs)
    })

    test('leaves nothing behind but the number of what it kept first; its name is free', async () => {
      const [mara, theo, vera] = [await newcomer('maren'), await newcomer('thea'), await newcomer('viktor')]
      await befriended(mara.device, theo.device)
      await vera.device.push([vera.device.change('block', mara.device.account, 'create')])
      await mara.device.push([mara.device.change('friend', vera.device.account, 'create')])
      await leaveEverywhere(mara, await keep(mara, 'Unheard ofus'))
      const [{ account }, owned] = [mara.device, await everything()]
      const columns = ['owner_id', 'account_id', 'other_id', 'first_kept_by']
      const lacking = [...(await tables())].filter(([, rows]) => {
        const isOwned = rows.length === 0 || columns.some((column) => column in (rows[0] ?? {}))
        return isOwned && !JSON.stringify(rows).includes(account)
      })
      // Nothing of hers waits to be worked on.
      expect(lacking.map(([name]) => name).sort()).toEqual(['closings', 'jobs'])
      const headOfTheo = (await theo.device.pull()).digest
      await remove(mara)
      await server.ctx.jobs.idle()
      const left = await everything()
      expect([left.includes(account), left.includes('maren')]).toEqual([false, false])
      const notes = (text: string) => text.split(NOTE).length
      expect(notes(left)).toBeLessThan(notes(owned))
      const standing = fold(new Map(), await theo.device.pull(), accountFeed(theo.device.account))
      expect([...standing.keys()]).toEqual([])
      expect((await theo.device.pull()).digest).not.toBe(headOfTheo)
      const blocks = fold(new Map(), await vera.device.pull(), accountFeed(vera.device.account))
      expect([...blocks.keys()]).toEqual([])
      // Nobody shows the animal any more: it is in nobody's catalogue.
      const catalogue = fold(new Map(), await theo.device.pull(), 'catalogue')
      expect(JSON.stringify([...catalogue.values()])).not.toContain('Unheard ofus')
      expect((await server.signUp('maren', 'bearer')).status).toBe(200)
    })

    test('is not found by a push under way, which is refused', async () => {
      const [mara, theo] = [await newcomer('mila'), await newcomer('tom')]
      await remove(mara)
      const { device } = mara
      await expect(device.push([device.change('entry', randomUUID(), 'create')])).rejects.toMatchObject({
        code: 'not_signed_in',
      })
      const [asked] = await theo.device.push([theo.device.change('friend', device.account, 'create')])
      expect(asked).toMatchObject({ status: 'rejected', code: 'missing_target' })
    })

    test('is deleted again when the database comes back from a backup', async () => {
      const mara = await newcomer('mimi')
      await keep(mara, 'Ardea alba')
      // As after a restore: the note is there, and so is the account.
      await noteDeletion(settings.dataDir, mara.device.account)
      await server.close()
      server = await startTestServer(settings)
      expect((await ask(mara, '/api/v2/sessions/current')).json.code).toBe('account_deleted')
      await server.ctx.jobs.idle()
      expect((await everything()).includes(mara.device.account)).toBe(false)
    })
  })
})
