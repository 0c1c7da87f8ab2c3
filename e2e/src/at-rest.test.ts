import { randomBytes, randomUUID } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { copyOfTree, type TreeCopy } from '../../scripts/tree-copy.ts'
import { buildWeb } from '../../scripts/web-build.ts'
import { databasesOf } from './kit/browser-storage.ts'
import type { Device } from './kit/device.ts'
import { findIn, type Needle, ofHex, ofNumber, ofText } from './kit/needles.ts'
import { entriesOf, Owner } from './kit/owner.ts'
import { capture, choosePicture, openPlate, PASSWORD, plate, signUp, writeNote } from './kit/person.ts'
import type { Server } from './kit/server.ts'
import { useStage } from './kit/stage.ts'

const stage = useStage({ perTest: true })
let unsealed: TreeCopy | undefined
afterAll(() => unsealed?.remove())

/** Where a browser keeps the addresses that were visited, ids of opened entries in them: no page can clear that. */
const ADDRESSES = / in (?:Default\/(?:Favicons|History|Sessions\/)|segmentation_platform\/)/

/** Words that nothing repeats and nobody else has. */
const word = (): string => randomBytes(24).toString('base64url').replaceAll(/[-_]/g, 'x')

interface Planted {
  readonly phone: Device
  /** What a person would not want found, on the server or not. */
  readonly secrets: readonly Needle[]
  /** What the dex holds besides. */
  readonly plain: readonly Needle[]
}

/** An entry that came from elsewhere with a private note and an exact place, and lies in the pages of the dex. */
async function keepElsewhere(server: Server, privateNote: string, place: { lat: number; lon: number }): Promise<string> {
  const owner = await Owner.signIn(server, 'mara')
  const id = randomUUID()
  const set = {
    animal: { to: { scientificName: 'Alces alces' } },
    place: { to: { ...place, accuracy: 5 } },
    privateNote: { to: privateNote },
    visibility: { to: 'friends' },
  }
  const mutations = [{ n: 1, type: 'entry', id, op: 'create', set }]
  const body = JSON.stringify({ account: owner.account, client: randomUUID(), ack: 0, mutations })
  const answer = await (await owner.fetch('/api/v2/sync/push', { method: 'POST', body })).text()
  expect(answer).toContain('"status":"done"')
  return id
}

/** A phone with something of everything, its browser closed: synced, waiting to go up, and half typed. */
async function plant(server: Server): Promise<Planted> {
  const phone = await stage.device(server, { profile: true })
  const [privateNote, synced, waiting, draft, marker, half] = Array.from({ length: 6 }, word) as [string, ...string[]]
  const place = { lat: 47.3184629137 + Math.random() / 1e6, lon: 8.7391846271 + Math.random() / 1e6 }
  const { page } = phone
  await signUp(phone, 'mara')
  await phone.shellInstalled()
  await capture(page, await stage.photos.take(), { name: 'wren', latin: 'Troglodytes troglodytes', note: synced ?? '' })
  await plate(page, 'Wren').getByRole('img', { name: 'On the server' }).waitFor()
  const elsewhere = await keepElsewhere(server, privateNote, place)
  await plate(page, 'Moose').getByRole('img', { name: 'On the server' }).waitFor()
  const [token = ''] = (await phone.context.cookies()).map(({ value }) => value)
  const [{ seal }] = server.rows<{ seal: string }>('SELECT seal FROM accounts') as [{ seal: string }]

  await phone.offline(true)
  await openPlate(page, 'Wren')
  await writeNote(page, waiting ?? '')
  const photo = async (bytes: string) => {
    const taken = await stage.photos.take({ seed: 7, at: { lat: 47.1, lon: 8.2 } })
    return stage.photos.file(`${bytes}.jpg`, Buffer.concat([taken.bytes, Buffer.from(bytes)]))
  }
  await page.goto('/')
  await capture(page, await photo(marker ?? ''), { name: 'red fox', latin: 'Vulpes vulpes' })
  await page.goto('/capture')
  await choosePicture(page, (await photo(half ?? '')).path)
  await page.getByRole('img', { name: 'Your photo' }).waitFor()
  await page.getByText('Notes, outing, how many, who sees it').click()
  await page.getByLabel('Note', { exact: true }).fill(draft ?? '')
  await page.locator('.safe[aria-busy=false]', { hasText: 'Kept on this device as a draft' }).waitFor()
  await phone.stop()
  const secrets = [
    ofText('the private note', privateNote),
    ofNumber('the latitude', place.lat),
    ofNumber('the longitude', place.lon),
    ofText('the note on the server', synced ?? ''),
    ofText('the note that waits', waiting ?? ''),
    ofText('the photo that waits', marker ?? ''),
    ofText('the note of the draft', draft ?? ''),
    ofText('the photo of the draft', half ?? ''),
  ]
  const keys = [ofText('the session’s token', token), ofHex('the seal', seal), ofText('the password', PASSWORD)]
  const ids = [elsewhere, ...entriesOf(server).map(({ id }) => id)].map((id) => ofText('the id of an entry', id))
  return { phone, secrets: [...secrets, ...keys], plain: ids }
}

test('the profile of a browser holds nothing private in plain text, and nothing at all of a dex that was signed out', async () => {
  const server = await stage.server()
  const { phone, secrets, plain } = await plant(server)
  expect(await findIn(phone.profile, secrets)).toEqual([])

  await phone.start()
  await phone.offline(true)
  await phone.page.goto('/settings')
  await phone.page.getByRole('button', { name: 'Sign out', exact: true }).click()
  await phone.page.getByRole('button', { name: 'Drop it and sign out' }).click()
  await phone.page.getByRole('heading', { name: 'Sign in', exact: true }).waitFor()
  await phone.stop()
  expect(await findIn(phone.profile, secrets)).toEqual([])
  const left = await findIn(phone.profile, plain)
  expect(left.filter((one) => !ADDRESSES.test(one))).toEqual([])
})

/** The store's key in the moment it is made, and as it is wrapped: only a test that stands in the middle can have them. */
async function tapKeys(phone: Device): Promise<() => Promise<string[]>> {
  await phone.context.addInitScript(() => {
    const { subtle } = crypto
    const wrap = subtle.wrapKey.bind(subtle)
    const tapped: string[] = []
    const note = (bytes: ArrayBuffer) =>
      void tapped.push(Array.from(new Uint8Array(bytes), (byte) => byte.toString(16).padStart(2, '0')).join(''))
    Object.assign(window, { tapped })
    subtle.wrapKey = async (format, key, ...rest) => {
      if (tapped.length === 0) note(await subtle.exportKey('raw', key))
      const wrapped = await wrap(format, key, ...rest)
      note(wrapped)
      return wrapped
    }
  })
  return () => phone.page.evaluate(() => (window as unknown as { tapped: string[] }).tapped)
}

test('a session that ended by itself leaves nothing that opens the dex, but for what only the server can unwrap', async () => {
  const server = await stage.server()
  const phone = await stage.device(server, { profile: true })
  phone.complaints.expectStatus(401)
  const tapped = await tapKeys(phone)
  await signUp(phone, 'mara')
  const [raw = '', bySeal = '', byDevice = ''] = await tapped()
  const bytes = (name: string, hex: string) => ({ name, forms: [Buffer.from(hex, 'hex')] })
  const keys = [bytes('the key', raw), bytes('wrapped by the seal', bySeal), bytes('wrapped by the device', byDevice)]
  const found = async () => [...new Set((await findIn(phone.profile, keys)).map((one) => one.replace(/ in .*/, '')))].sort()
  await phone.stop()
  expect(await found()).toEqual(['wrapped by the device', 'wrapped by the seal'])

  await phone.start()
  const owner = await Owner.signIn(server, 'mara')
  expect((await owner.fetch('/api/v2/sessions', { method: 'DELETE', body: '{}' })).status).toBe(200)
  await phone.page.goto('/')
  await phone.page.getByRole('heading', { name: 'Sign in again, mara' }).waitFor()
  await expect.poll(async () => (await databasesOf(phone.page)).filter((name) => name.includes('-key/'))).toEqual([])
  await phone.stop()
  expect(await found()).toEqual(['wrapped by the seal'])
})

/** The app as it would be if what is called sealing sealed nothing. */
async function buildUnsealed(): Promise<TreeCopy> {
  const tree = await copyOfTree()
  const file = join(tree.path, 'packages/client/src/adapters/web-sealer.ts')
  const whole = await readFile(file, 'utf8')
  const patches = [
    [/await crypto\.subtle\.encrypt\(.*\)/, 'Uint8Array.from([...bytes, ...new Uint8Array(TAG_BYTES)])'],
    [/await crypto\.subtle\.decrypt\(.*content\)/, 'content.slice(0, -TAG_BYTES)'],
  ] as const
  let without = whole
  for (const [sealing, nothing] of patches) {
    expect(without).toMatch(sealing)
    without = without.replace(sealing, nothing)
  }
  await writeFile(file, without)
  await buildWeb(tree.path)
  return tree
}

test('the same search finds all that was planted in an app that does not seal', { timeout: 120_000 }, async () => {
  unsealed = await buildUnsealed()
  const server = await stage.server({ env: { WEB_ROOT: join(unsealed.path, 'apps/web/dist') } })
  const { phone, secrets } = await plant(server)
  const found = new Set((await findIn(phone.profile, secrets)).map((one) => one.replace(/ in .*/, '')))
  const sealed = secrets.filter(({ name }) => !/token|seal|password/.test(name)).map(({ name }) => name)
  expect(sealed.filter((name) => !found.has(name))).toEqual([])
})
