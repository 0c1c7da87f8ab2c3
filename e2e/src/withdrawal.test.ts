import { randomBytes } from 'node:crypto'
import { hiddenPlace, nameIn } from '@biologidex/client/adapters/hidden-names'
import { beforeAll, expect, test, vi } from 'vitest'
import { databasesOf } from './kit/browser-storage.ts'
import type { Device } from './kit/device.ts'
import { LONG } from './kit/long.ts'
import { findIn, type Needle, ofNumber, ofText } from './kit/needles.ts'
import { entriesOf, imagesOf, Owner } from './kit/owner.ts'
import { capture, openPlate, sheetOn, signIn, signUp } from './kit/person.ts'
import type { Server } from './kit/server.ts'
import { useStage } from './kit/stage.ts'
import { givenBy, unseal } from './kit/unsealed.ts'

const stage = useStage()
let server: Server
/** Mara's phone, whose profile is looked through; what it seals lies plain, so that it can be looked for. */
let phone: Device
let jonas: Owner
let mara: Owner
let entry = ''
/** What Mara may see of Jonas’s wren, until he withdraws it. */
let content: readonly Needle[] = []

/** Where a browser keeps the addresses that were visited, names and ids in them: no page can clear that. */
const ADDRESSES = / in (?:Default\/(?:Favicons|History|Sessions\/|Top Sites)|segmentation_platform\/)/

/** Words that nothing repeats and nobody else has. */
const word = (): string => randomBytes(24).toString('base64url').replaceAll(/[-_]/g, 'x')
const NOTE = word()
const OTHER = word()
const PLACE = { lat: 47.3184629137 + Math.random() / 1e6, lon: 8.7391846271 + Math.random() / 1e6, accuracy: 5 }

/** The needles, by name, that are in a file of a closed device's profile. */
async function foundIn({ profile }: Device, needles: readonly Needle[]): Promise<string[]> {
  const found = (await findIn(profile, needles)).filter((one) => !ADDRESSES.test(one))
  return [...new Set(found.map((one) => one.replace(/ in .*/, '')))].sort()
}
const namesOf = (needles: readonly Needle[]): string[] => needles.map(({ name }) => name).sort()

async function start(): Promise<void> {
  await phone.start()
  await unseal(phone)
}

/** Mara looks at the wren, large. */
async function look({ page }: Device, note: string): Promise<void> {
  await page.goto('/dex/jonas')
  await openPlate(page, 'Wren')
  await page.getByText(note).waitFor()
  await page.getByRole('img', { name: 'Wren' }).waitFor()
}

async function signOut({ page }: Device): Promise<void> {
  await page.goto('/settings')
  await page.getByRole('button', { name: 'Sign out', exact: true }).click()
  await sheetOn(page).getByRole('button', { name: 'Sign out', exact: true }).click()
  await page.getByRole('heading', { name: 'Sign in', exact: true }).waitFor()
}

async function befriend(): Promise<void> {
  await jonas.ask(mara.account)
  await mara.ask(jonas.account)
}

const update = (type: string, id: string, field: string, was: unknown, to: unknown): Promise<void> =>
  jonas.change({ type, id, op: 'update', set: { [field]: { was, to } } })

beforeAll(async () => {
  server = await stage.server()
  const desktop = await stage.device(server)
  phone = await stage.device(server, { profile: true })
  await unseal(phone)
  await signUp(desktop, 'jonas')
  await signUp(phone, 'mara')
  await phone.shellInstalled()
  jonas = await Owner.signIn(server, 'jonas')
  mara = await Owner.signIn(server, 'mara')
  await update('setting', jonas.account, 'friendsPrecision', 'area', 'exact')
  await capture(desktop.page, await stage.photos.take(), { name: 'wren', latin: 'Troglodytes troglodytes', note: NOTE })
  await vi.waitUntil(() => imagesOf(server)[0]?.state === 'ready', { timeout: 30_000 })
  await desktop.stop()
  const [kept] = entriesOf(server)
  entry = kept?.id ?? ''
  await update('entry', entry, 'place', JSON.parse(kept?.place ?? 'null'), PLACE)
  const [image] = imagesOf(server)
  if (!image) throw new Error('nothing was kept')
  const pictures = await Promise.all((['wall', 'screen'] as const).map((rendition) => jonas.picture(image, rendition)))
  content = [
    ofText('the note', NOTE),
    ofNumber('the latitude', PLACE.lat),
    { name: 'the picture', forms: pictures.map((bytes) => bytes.subarray(bytes.length / 2, bytes.length / 2 + 40)) },
    ofText('the id of the entry', entry),
    ofText('the id of the picture', image.id),
  ]
  await befriend()
}, 120_000)

test('of a friend nothing lies in a profile in plain, nor after the friendship; after a sign-out nothing of anybody', async () => {
  const sealed = await stage.device(server, { profile: true })
  const needles = [...content, ofText('the friend’s id', jonas.account), ofText('the own id', mara.account)]
  const place = hiddenPlace(mara.account)
  const closed = async () => {
    await sealed.stop()
    const found = await foundIn(sealed, needles)
    await sealed.start()
    return found
  }
  await signIn(sealed, 'mara')
  await look(sealed, NOTE)
  expect(await closed()).toEqual(['the own id'])
  await sealed.page.goto('/dex/jonas')
  await sealed.page.locator('.plate').waitFor()
  await jonas.change({ type: 'friend', id: mara.account, op: 'delete' })
  await expect
    .poll(async () => (await databasesOf(sealed.page)).filter((name) => name.endsWith(nameIn(place, `dex/${jonas.account}`))))
    .toEqual([])
  expect(await closed()).toEqual(['the own id'])
  await signOut(sealed)
  expect(await closed()).toEqual([])
  await befriend()

  // It is not for want of looking: what a database was called is found although it was deleted, and what local storage holds.
  await sealed.page.goto('/sign-in')
  await sealed.page.evaluate(
    async ([friend = '', own = '']) => {
      const settled = (request: IDBOpenDBRequest) =>
        new Promise<void>((resolve, reject) => {
          request.onsuccess = () => resolve(request.result?.close())
          request.onerror = () => reject(request.error)
        })
      await settled(indexedDB.open(`plant/${friend}`))
      await settled(indexedDB.deleteDatabase(`plant/${friend}`))
      localStorage.setItem('plant', own)
    },
    [jonas.account, mara.account],
  )
  expect(await closed()).toEqual(['the friend’s id', 'the own id'])
}, 60_000)

/** What the storage of Mara's phone gives of the wren, once what is expected is all of it. */
const expectGiven = (gone: readonly string[]) =>
  expect
    .poll(async () => (await givenBy(phone.page, content)).sort())
    .toEqual(namesOf(content).filter((name) => !gone.includes(name)))

test('of an entry that is narrowed, changed or withdrawn no storage gives what it was', async () => {
  await look(phone, NOTE)
  await expectGiven([])
  await update('setting', jonas.account, 'friendsPrecision', 'exact', 'hidden')
  await expectGiven(['the latitude'])
  await update('entry', entry, 'note', NOTE, OTHER)
  await expectGiven(['the latitude', 'the note'])
  await update('entry', entry, 'visibility', 'friends', 'private')
  await expectGiven(namesOf(content))
  await update('entry', entry, 'visibility', 'private', 'friends')
  await look(phone, OTHER)
  await expectGiven(['the latitude', 'the note'])
  await jonas.change({ type: 'entry', id: entry, op: 'delete' })
  await expectGiven(namesOf(content))
  await jonas.change({ type: 'entry', id: entry, op: 'restore' })
  await update('entry', entry, 'note', OTHER, NOTE)
  await update('setting', jonas.account, 'friendsPrecision', 'hidden', 'exact')
}, 120_000)

/** What is left when the browser was closed and opened: only then does it take what was deleted out of its files (store-contract.test.ts). */
async function lookAgain(): Promise<string[]> {
  await phone.stop()
  await start()
  await phone.page.goto('/')
  await phone.page
    .getByText(/Your dex is empty, for now|Sign in/)
    .first()
    .waitFor()
  await phone.stop()
  const found = await foundIn(phone, content)
  await start()
  return found
}

/** Resolves when the dex is there, and all that it says can be found in the profile. */
async function there(): Promise<void> {
  await look(phone, NOTE)
  await expectGiven([])
  await phone.stop()
  expect(await foundIn(phone, content)).toEqual(namesOf(content))
  await start()
  await phone.page.goto('/dex/jonas')
  await phone.page.locator('.plate').waitFor()
}

type Withdrawal = [what: string, withdraw: () => Promise<unknown>, after: () => Promise<unknown>]
/** Of these the sealed profile above is looked through each time. */
const alike: readonly Withdrawal[] = [
  ['unfriended', () => jonas.change({ type: 'friend', id: mara.account, op: 'delete' }), befriend],
  ['left by a sign-out', () => signOut(phone), () => signIn(phone, 'mara')],
]

test.each<Withdrawal>([
  ...(LONG ? alike : []),
  [
    'blocked',
    () => jonas.change({ type: 'block', id: mara.account, op: 'create' }),
    async () => {
      await jonas.change({ type: 'block', id: mara.account, op: 'delete' })
      await befriend()
    },
  ],
  ['deleted with its account', () => jonas.leave(), async () => undefined],
])(
  'of a dex that is %s nothing that it said is left in the profile, where it could be found before',
  async (_, withdraw, after) => {
    await there()
    await withdraw()
    await expect.poll(() => givenBy(phone.page, [...content, ofText('whose dex it was', jonas.account)])).toEqual([])
    await expect.poll(lookAgain, { timeout: 60_000 }).toEqual([])
    await after()
  },
  120_000,
)
