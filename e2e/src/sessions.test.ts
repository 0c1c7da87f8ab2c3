import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import type { Device } from './kit/device.ts'
import { PASSWORD, sheetOn, signIn, signUp } from './kit/person.ts'
import type { Server } from './kit/server.ts'
import { useStage } from './kit/stage.ts'

const stage = useStage({ perTest: true, installs: false })
const NEXT = 'a better one, surely'
const CLI = join(import.meta.dirname, '../../apps/cli/src/main.ts')

/** Two devices of one person, both on the settings. */
async function twoDevices(server: Server): Promise<{ phone: Device; laptop: Device }> {
  const phone = await stage.device(server)
  const laptop = await stage.device(server, { size: 'desktop' })
  // Their sessions end under way: what they ask then is refused.
  for (const device of [phone, laptop]) device.complaints.expectStatus(401)
  await signUp(phone, 'mara')
  await signIn(laptop, 'mara')
  for (const { page } of [phone, laptop]) await page.goto('/settings')
  return { phone, laptop }
}

const security = (page: Page) => page.getByRole('region', { name: 'Security' })
const isLocked = (page: Page) => page.getByRole('heading', { name: 'Sign in again, mara' }).waitFor()

async function signInAgain(page: Page, password: string): Promise<void> {
  await page.getByLabel('Password', { exact: true }).fill(password)
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
  await page.getByText('mara’s dex').first().waitFor()
}

/** On a reset link: chooses the new password, and comes to the sign-in. */
async function useLink(page: Page, link: string): Promise<void> {
  await page.goto(link)
  await page.getByRole('heading', { name: 'Choose a new password' }).waitFor()
  await page.getByLabel('New password').fill(NEXT)
  await page.getByRole('button', { name: 'Set the new password' }).click()
  await page.getByText('Your new password is set.').waitFor()
}

test('a lost device is seen and ended from another, at once; nothing that was kept is lost', async () => {
  const server = await stage.server()
  const { phone, laptop } = await twoDevices(server)
  const devices = security(phone.page).getByRole('listitem')
  await expect.poll(() => devices.count()).toBe(2)
  expect(await devices.filter({ hasText: 'This device' }).count()).toBe(1)
  await devices.getByRole('button', { name: /^End the session of/ }).click()
  await phone.page.getByText(/is signed out\.$/).waitFor()
  await expect.poll(() => devices.count()).toBe(1)
  await isLocked(laptop.page)
  expect(server.rows('SELECT id FROM sessions')).toHaveLength(1)
  await signInAgain(laptop.page, PASSWORD)
})

test('signing out everywhere asks first, and ends this device too', async () => {
  const server = await stage.server()
  const { phone, laptop } = await twoDevices(server)
  await security(phone.page).getByRole('button', { name: 'Sign out everywhere' }).click()
  const question = sheetOn(phone.page, 'Sign out on every device?')
  await question.getByRole('button', { name: 'Cancel' }).click()
  expect(server.rows('SELECT id FROM sessions')).toHaveLength(2)
  await security(phone.page).getByRole('button', { name: 'Sign out everywhere' }).click()
  await question.getByRole('button', { name: 'Sign out everywhere' }).click()
  for (const { page } of [phone, laptop]) await isLocked(page)
  expect(server.rows('SELECT id FROM sessions')).toEqual([])
  expect(await phone.context.cookies()).toEqual([])
  await signInAgain(phone.page, PASSWORD)
})

test('a new password needs the old one, and signs the other devices out', async () => {
  const server = await stage.server()
  const { phone, laptop } = await twoDevices(server)
  phone.complaints.expectStatus(403)
  await security(phone.page).getByRole('button', { name: 'Change the password' }).click()
  const sheet = sheetOn(phone.page, 'Change the password')
  await sheet.getByLabel('Current password').fill('not this one')
  await sheet.getByLabel('New password').fill(NEXT)
  await sheet.getByRole('button', { name: 'Change it' }).click()
  await sheet.getByRole('alert').filter({ hasText: 'not your current password' }).waitFor()
  await sheet.getByLabel('Current password').fill(PASSWORD)
  await sheet.getByRole('button', { name: 'Change it' }).click()
  await phone.page.getByText('The password is changed. One other device was signed out.').waitFor()
  await isLocked(laptop.page)
  await signInAgain(laptop.page, NEXT)
})

test('whoever forgot the password gets in again by an admin’s link, which works once', async () => {
  const server = await stage.server()
  const [admin, phone] = [await stage.device(server, { size: 'desktop' }), await stage.device(server)]
  for (const device of [admin, phone]) device.complaints.expectStatus(401)
  phone.complaints.expectStatus(410)
  await signUp(admin, 'ada')
  await signUp(phone, 'mara')
  await phone.page.goto('/settings')
  await security(phone.page).getByText('This device').waitFor()
  expect(await phone.page.getByRole('heading', { name: 'People' }).count()).toBe(0)

  await admin.page.goto('/settings')
  await admin.page.getByRole('button', { name: 'Make a reset link for mara' }).click()
  const sheet = sheetOn(admin.page, 'A link for mara')
  const link = await sheet.locator('code').innerText()
  expect(link).toContain(`${server.origin}/reset#`)
  await sheet.getByRole('button', { name: 'Close' }).click()
  expect(await admin.page.getByText(link).count()).toBe(0)

  const other = await stage.device(server)
  other.complaints.expectStatus(410)
  await other.page.goto('/sign-in')
  await other.page.getByText('Forgot your password?').click()
  await other.page.getByText('Ask whoever runs this server.').waitFor()
  await useLink(other.page, link)
  expect(other.page.url()).not.toContain('#')
  expect(await other.page.getByLabel('User name').inputValue()).toBe('mara')
  await isLocked(phone.page)
  await signInAgain(other.page, NEXT)

  await other.page.goto('/')
  await phone.page.goto(link)
  await phone.page.getByLabel('New password').fill('one more try')
  await phone.page.getByRole('button', { name: 'Set the new password' }).click()
  await phone.page.getByRole('alert').filter({ hasText: 'This link was used already or is too old.' }).waitFor()
})

test('an admin who forgot the password gets a link from the terminal of the server', async () => {
  const server = await stage.server()
  const phone = await stage.device(server)
  phone.complaints.expectStatus(401)
  await signUp(phone, 'mara')
  const env = { ...process.env, DATA_DIR: server.dataDir, PORT: String(server.port) }
  const { stdout } = await promisify(execFile)(process.execPath, [CLI, 'user', 'reset', 'mara'], { env })
  const link = /http\S+\/reset#\S+/.exec(stdout)?.[0] ?? ''
  await useLink(phone.page, link)
  await isLocked(phone.page)
  await signInAgain(phone.page, NEXT)
})
