import { mkdtemp, open, readdir, readFile, rename, rm, unlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { raw } from '@biologidex/server/db/fixed-driver'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { Person } from './person.ts'
import { Power } from './power.ts'
import { judge } from './seed.ts'
import { makeTemplate, type Template } from './template.ts'
import type { World } from './world.ts'

let template: Template
beforeAll(async () => {
  template = await makeTemplate()
})
afterAll(() => template.remove())

/** One device, an entry with an animal and a photo, and an edit. */
async function play(world: World): Promise<void> {
  const phone = world.addDevice('phone')
  await world.finish('opening', phone.open())
  const person = new Person(world)
  const id = person.create(phone, 1, 'animal')
  await world.pass(5_000)
  const entry = phone.program?.dex.entries.get(id)
  if (entry) person.edit(phone, entry, ['note'])
  await world.pass(1_000)
}

/** Names of the checks that complain when something was spoilt at the end. */
async function complaining(spoil?: (world: World) => Promise<void>): Promise<string[]> {
  const { complaints } = await judge(template, 'spoilt', play, spoil)
  return [...new Set(complaints.map((text) => /\[(.*?)\]/.exec(text)?.[1] ?? text))]
}

const inDatabase = (change: string) => async (world: World) => {
  await world.server.ctx.db.write((tx) => tx.q.executeQuery(raw(change)))
}

test('nothing spoilt, nothing to complain of', async () => {
  expect(await complaining()).toEqual([])
})

test.each([
  ['an entry is lost', 'DELETE FROM entries', ['lives', 'changes', 'screens', 'feeds']],
  ['an entry is deleted', 'UPDATE entries SET deleted_at = 1', ['lives', 'history', 'screens', 'feeds']],
  ['a text is another one', "UPDATE entries SET note = 'other'", ['history', 'screens', 'feeds']],
  ['a revision is lost', 'DELETE FROM revisions WHERE n > 1', ['changes', 'history']],
  ['a picture failed', "UPDATE images SET state = 'failed'", ['pictures', 'screens', 'feeds']],
  ['an upload is left', "INSERT INTO uploads VALUES ('a', 'b', 'c', 1, 1, 1)", ['pictures']],
  ['an entry is told to others that was hidden', "UPDATE entries SET visibility = 'private'", ['sight', 'feeds']],
  [
    'somebody is a friend on one side alone',
    "INSERT INTO friendships (account_id, other_id, state, since) SELECT a.id, b.id, 'friends', 1 FROM accounts a, accounts b WHERE a.id < b.id",
    ['sight'],
  ],
  ['a number is missing', 'UPDATE animals SET number = number + 9', ['animals', 'screens']],
  ['friends see what they should not', "UPDATE feed_items SET payload = '{}' WHERE item LIKE 'profile/%'", ['feeds']],
])('found: %s', async (_what, change, checks) => {
  expect(await complaining(inDatabase(change))).toEqual(expect.arrayContaining(checks))
})

test('found: the file of a picture is gone', async () => {
  const spoil = async ({ folder }: World) => {
    const files = await readdir(join(folder, 'blobs'), { recursive: true, withFileTypes: true })
    const file = files.find((one) => one.isFile())
    if (file) await unlink(join(file.parentPath, file.name))
  }
  expect(await complaining(spoil)).toEqual(['pictures'])
})

test('the same seed takes the same course', async () => {
  const [first, second] = [await judge(template, 'again', play), await judge(template, 'again', play)]
  expect(second).toEqual(first)
})

test('a power cut takes the bytes and names that were not synced, and no others', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'biologidex-power-'))
  const power = new Power(folder)
  const giveBack = power.watch()
  const write = async (name: string, text: string, synced: string) => {
    const file = await open(join(folder, name), 'a')
    await file.write(synced)
    await file.sync()
    await file.write(text)
    await file.close()
  }
  const syncFolder = async () => {
    const handle = await open(folder, 'r')
    await handle.sync()
    await handle.close()
  }
  try {
    await write('kept', ' and lost', 'synced')
    await write('renamed', '', 'whole')
    await rename(join(folder, 'renamed'), join(folder, 'safe'))
    await syncFolder()
    await rename(join(folder, 'safe'), join(folder, 'moved'))
    await write('unnamed', '', 'synced')
    power.off()
    await write('late', '', 'after the power went')
    await power.cut()
    expect((await readdir(folder)).sort()).toEqual(['kept', 'safe'])
    expect(await readFile(join(folder, 'kept'), 'utf8')).toBe('synced')
  } finally {
    giveBack()
    await rm(folder, { recursive: true, force: true })
  }
})
