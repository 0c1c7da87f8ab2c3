import { randomBytes } from 'node:crypto'
import { expect, test } from 'vitest'
import { databasesOf } from './kit/browser-storage.ts'
import type { Device } from './kit/device.ts'
import { findIn, ofText } from './kit/needles.ts'
import { Owner } from './kit/owner.ts'
import { PASSWORD, signUp } from './kit/person.ts'
import { plant } from './kit/plant.ts'
import { useStage } from './kit/stage.ts'

const stage = useStage({ perTest: true })

/** Where a browser keeps the addresses that were visited, ids of opened entries in them: no page can clear that. */
const ADDRESSES = / in (?:Default\/(?:Favicons|History|Sessions\/|Top Sites)|segmentation_platform\/)/

/** Where a browser itself keeps who signed in, which no page can clear: its memory of forms and passwords. */
const FORMS = /^the user name in Default\/(?:Login Data|Web Data)/

/** Where it lies whose the dex is while it is here. */
const WHOSE = / in Default\/Service Worker\/CacheStorage\//

test('the profile of a browser holds nothing private in plain text, and nothing at all of a dex that was signed out', async () => {
  const server = await stage.server()
  const { phone, secrets, plain, who } = await plant(stage, server)
  expect(await findIn(phone.profile, secrets)).toEqual([])
  const whose = (await findIn(phone.profile, plain)).filter((one) => !ADDRESSES.test(one) && !FORMS.test(one))
  expect(whose.map((one) => one.replace(WHOSE, ' in a file: ').replace(/: .*/, '')).sort()).toEqual([
    'the id of the account in a file',
    'the user name in a file',
  ])

  await phone.start()
  await phone.offline(true)
  await phone.page.goto('/settings')
  await phone.page.getByRole('button', { name: 'Sign out', exact: true }).click()
  await phone.page.getByRole('button', { name: 'Drop it and sign out' }).click()
  await phone.page.getByRole('heading', { name: 'Sign in', exact: true }).waitFor()
  // What the storage's files may still hold, the app itself has no more.
  const names = () => databasesOf(phone.page)
  await expect.poll(async () => (await names()).filter((name) => who.some((one) => name.includes(one)))).toEqual([])
  const remembered = await phone.page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }]))
  for (const one of who) expect(remembered).not.toContain(one)
  await phone.stop()
  expect(await findIn(phone.profile, secrets)).toEqual([])
  const left = await findIn(phone.profile, plain)
  expect(left.filter((one) => !ADDRESSES.test(one) && !FORMS.test(one))).toEqual([])
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

test('what was half typed when a session ended by itself lies there sealed', async () => {
  const server = await stage.server()
  const phone = await stage.device(server, { profile: true })
  phone.complaints.expectStatus(401)
  const { page } = phone
  await signUp(phone, 'mara')
  await phone.shellInstalled()
  const half = randomBytes(24).toString('hex')
  await page.goto('/settings')
  await page.getByLabel('About you').fill(half)
  await phone.offline(true)
  const owner = await Owner.signIn(server, 'mara')
  expect((await owner.fetch('/api/v2/sessions', { method: 'DELETE', body: '{}' })).status).toBe(200)
  await phone.offline(false)
  await page.getByRole('heading', { name: 'Sign in again, mara' }).waitFor()
  await phone.stop()
  expect(await findIn(phone.profile, [ofText('what was half typed', half)])).toEqual([])

  await phone.start()
  await phone.page.goto('/')
  await phone.page.getByLabel('Password', { exact: true }).fill(PASSWORD)
  await phone.page.getByRole('button', { name: 'Sign in', exact: true }).click()
  await phone.page.getByRole('button', { name: 'Show it' }).click()
  await phone.page.getByText(half).waitFor()
})
