import type { Page } from 'playwright-core'
import sharp from 'sharp'
import { expect, test } from 'vitest'
import type { Device, DeviceOptions } from './kit/device.ts'
import { Owner } from './kit/owner.ts'
import { capture, sheetOn, signIn, signUp } from './kit/person.ts'
import type { Server } from './kit/server.ts'
import { useStage } from './kit/stage.ts'

const stage = useStage({ perTest: true })

const profile = (page: Page) => page.getByRole('region', { name: 'Profile' })

async function rename(page: Page, name: string): Promise<void> {
  await profile(page).getByLabel('Name on your dex').fill(name)
  await profile(page).getByRole('button', { name: 'Save' }).click()
  await page.getByText('Saved.', { exact: true }).first().waitFor()
}

/** A phone and a laptop of one person, both on the settings. */
async function twoDevices(server: Server, options: DeviceOptions = {}): Promise<{ phone: Device; laptop: Device }> {
  const phone = await stage.device(server, options)
  const laptop = await stage.device(server, { ...options, size: 'desktop' })
  await signUp(phone, 'mara')
  await signIn(laptop, 'mara')
  for (const { page } of [phone, laptop]) {
    await page.goto('/settings')
    await profile(page).getByText('Your friend code').waitFor()
  }
  return { phone, laptop }
}

test('a name and a bio written without a network are there at once, and on the other device when it returns', async () => {
  const server = await stage.server()
  const { phone, laptop } = await twoDevices(server)
  await phone.offline(true)
  await profile(phone.page).getByLabel('About you').fill('Ponds, mostly.')
  await rename(phone.page, 'Mara of the ponds')
  await phone.page.getByRole('link', { name: 'Dex', exact: true }).click()
  await phone.page.getByRole('heading', { name: 'Mara of the ponds’s dex' }).waitFor()
  await laptop.page.getByText('mara’s dex').waitFor()
  await phone.offline(false)
  await laptop.page.getByText('Mara of the ponds’s dex').waitFor()
  expect(await profile(laptop.page).getByLabel('About you').inputValue()).toBe('Ponds, mostly.')
  expect(server.rows('SELECT display_name, bio FROM accounts')).toEqual([
    { display_name: 'Mara of the ponds', bio: 'Ponds, mostly.' },
  ])
})

test('two names at the same time: one stands, the other waits in the tray until its person has chosen', async () => {
  const server = await stage.server()
  const { phone, laptop } = await twoDevices(server)
  for (const device of [phone, laptop]) await device.offline(true)
  await rename(phone.page, 'From the phone')
  await rename(laptop.page, 'From the laptop')
  const name = () => server.rows<{ display_name: string }>('SELECT display_name FROM accounts')[0]?.display_name
  await phone.offline(false)
  await expect.poll(name).toBe('From the phone')
  await laptop.offline(false)
  await laptop.page.getByText('From the phone’s dex').waitFor()
  await phone.page.goto('/tray')
  await phone.page.getByText('You changed the name on your dex on two devices').waitFor()
  await phone.page.getByText('From the laptop').waitFor()
  await phone.page.getByRole('button', { name: 'Use this one' }).click()
  await phone.page.getByText('Nothing needs you').waitFor()
  await expect.poll(name).toBe('From the laptop')
  await laptop.page.getByText('From the laptop’s dex').waitFor()
})

test('a picture is kept as a small square of pixels, shown on both devices and without a network, and taken away', async () => {
  const server = await stage.server()
  const { phone, laptop } = await twoDevices(server)
  const photo = await stage.photos.take()
  await phone.page.locator('input[name=avatar]').setInputFiles(photo.path)
  await phone.page.getByText('Your picture is changed.').waitFor()
  for (const { page } of [phone, laptop]) await profile(page).locator('.av img').waitFor()
  const [{ id } = { id: '' }] = server.rows<{ id: string }>('SELECT id FROM accounts')
  const bytes = await laptop.page.evaluate(async (path) => {
    const answer = await fetch(path)
    return Array.from(new Uint8Array(await answer.arrayBuffer()))
  }, `/api/v2/dex/${id}/avatar`)
  const { width, height, exif } = await sharp(Buffer.from(bytes)).metadata()
  expect({ width, height, exif }).toEqual({ width: 256, height: 256, exif: undefined })

  await laptop.shellInstalled()
  await laptop.offline(true)
  await laptop.page.reload()
  await profile(laptop.page).locator('.av img').waitFor()
  await laptop.offline(false)

  phone.complaints.expectStatus(415)
  await phone.page
    .locator('input[name=avatar]')
    .setInputFiles({ name: 'a.png', mimeType: 'image/png', buffer: Buffer.from('no') })
  await profile(phone.page).getByRole('alert').filter({ hasText: 'This file is not a picture.' }).waitFor()
  await profile(phone.page).getByRole('button', { name: 'Remove it' }).click()
  for (const { page } of [phone, laptop]) await profile(page).locator('.av img').waitFor({ state: 'detached' })
})

test('the default of who sees what is kept holds for new entries alone', async () => {
  const server = await stage.server()
  const { phone } = await twoDevices(server, { installs: false })
  await capture(phone.page, await stage.photos.take(), { name: 'moose', latin: 'Alces alces' })
  await phone.page.goto('/settings')
  await phone.page.getByRole('region', { name: 'What others see' }).getByLabel('Who sees what you keep').selectOption('private')
  await phone.page.getByText('Saved.', { exact: true }).waitFor()
  await capture(phone.page, await stage.photos.take(), { name: 'fox', latin: 'Vulpes vulpes' })
  const seen = () => server.rows<{ visibility: string }>('SELECT visibility FROM entries ORDER BY created_at')
  await expect.poll(() => seen().map(({ visibility }) => visibility)).toEqual(['friends', 'private'])
})

test('the friend code can be read out and copied', async () => {
  const server = await stage.server()
  const { phone } = await twoDevices(server, { installs: false })
  const [{ friend_code: code } = { friend_code: '' }] = server.rows<{ friend_code: string }>('SELECT friend_code FROM accounts')
  await phone.context.grantPermissions(['clipboard-read', 'clipboard-write'])
  await profile(phone.page)
    .getByText(`${code.slice(0, 4)} ${code.slice(4)}`, { exact: true })
    .waitFor()
  await profile(phone.page).getByRole('button', { name: 'Copy' }).click()
  await phone.page.getByText('Your friend code is copied.').waitFor()
  expect(await phone.page.evaluate(() => navigator.clipboard.readText())).toBe(code)
})

/** Makes the device full for the page as it is, or gives it room again. */
const fill = (page: Page, isFull: boolean): Promise<void> =>
  page.evaluate((full) => {
    const store = IDBObjectStore.prototype as IDBObjectStore & { roomy?: IDBObjectStore['put'] }
    store.roomy ??= store.put
    store.put = full
      ? () => {
          throw new DOMException('There is no room left.', 'QuotaExceededError')
        }
      : store.roomy
  }, isFull)

test('a full device says what it could not store, keeps what was typed, and says that syncing has stopped', async () => {
  const server = await stage.server()
  const phone = await stage.device(server)
  const { page } = phone
  const full = page.locator('.toast', { hasText: 'This device has no room left, so the change was not stored.' })
  const close = async () => {
    await full.waitFor()
    await full.locator('.toast-close').click()
    await full.waitFor({ state: 'detached' })
  }
  await signUp(phone, 'mara')
  await capture(page, await stage.photos.take(), { name: 'moose', latin: 'Alces alces' })
  await phone.shellInstalled()
  await page.getByRole('link', { name: 'Settings' }).click()
  await phone.offline(true)
  await rename(page, 'From the phone')
  await page.getByRole('link', { name: 'Friends', exact: true }).click()
  await page.getByLabel('Their friend code').fill('ABCD 2345')
  await page.getByRole('button', { name: 'Ask', exact: true }).click()
  await page.getByText('Goes up as soon as there is a connection').waitFor()
  const owner = await Owner.signIn(server, 'mara')
  const setting = (set: object) => owner.change({ type: 'setting', id: owner.account, op: 'update', set })
  await setting({ displayName: { was: 'mara', to: 'From elsewhere' } })
  await phone.offline(false)
  await page.getByText('2 things need you').waitFor()
  await page.getByRole('link', { name: /^Tray/ }).click()

  await fill(page, true)
  await page.getByRole('button', { name: 'Use this one' }).click()
  await close()
  await page.getByRole('button', { name: 'Try again' }).click()
  await close()
  await page.getByRole('button', { name: 'Discard it' }).click()
  await sheetOn(page).getByRole('button', { name: 'Discard it' }).click()
  await full.waitFor()
  await page.keyboard.press('Escape')
  await close()

  await page.getByRole('link', { name: 'Settings' }).click()
  await profile(page).getByLabel('About you').fill('Ponds, mostly.')
  await profile(page).getByRole('button', { name: 'Save' }).click()
  await close()
  expect(await profile(page).getByLabel('About you').inputValue()).toBe('Ponds, mostly.')
  const seen = page.getByRole('region', { name: 'What others see' }).getByLabel('Who sees what you keep')
  await seen.selectOption('private')
  await close()
  expect(await seen.inputValue()).toBe('friends')

  await page.getByRole('link', { name: 'Dex', exact: true }).click()
  await sheetOn(page).getByRole('button', { name: 'Discard' }).click()
  await page.getByRole('button', { name: 'Filters' }).click()
  await page.getByRole('button', { name: 'Choose several' }).click()
  await page.getByRole('checkbox', { name: /Moose/ }).click()
  await page.getByRole('button', { name: 'Only me' }).click()
  await close()
  await page.getByText('1 sighting chosen').waitFor()

  await setting({ bio: { was: null, to: 'Written elsewhere.' } })
  const stopped = page.locator('.sync-line', { hasText: 'This device is full: syncing has stopped.' })
  await stopped.waitFor()
  await fill(page, false)
  await page.getByRole('button', { name: 'Sync now' }).click()
  await stopped.waitFor({ state: 'detached' })
  await page.getByRole('link', { name: 'Settings' }).click()
  expect(await profile(page).getByLabel('About you').inputValue()).toBe('Written elsewhere.')
})
