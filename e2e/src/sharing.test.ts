import { beforeAll, expect, test } from 'vitest'
import type { Device } from './kit/device.ts'
import { Owner } from './kit/owner.ts'
import { capture, openPlate, PASSWORD, plate, sheetOn, signIn, signUp } from './kit/person.ts'
import type { Server } from './kit/server.ts'
import { useStage } from './kit/stage.ts'

const stage = useStage()
let server: Server
/** Mara looks; Jonas decides what she sees. */
let phone: Device
let desktop: Device

beforeAll(async () => {
  server = await stage.server()
  desktop = await stage.device(server, { size: 'desktop' })
  phone = await stage.device(server)
  await signUp(desktop, 'jonas')
  await signUp(phone, 'mara')
  const [jonas, mara] = [await Owner.signIn(server, 'jonas'), await Owner.signIn(server, 'mara')]
  await jonas.ask(mara.account)
  await mara.ask(jonas.account)
  const photo = await stage.photos.take({ taken: '2026:05:14 08:20:00', offset: '+02:00', at: { lat: 52.4367, lon: 13.6453 } })
  await capture(desktop.page, photo, { name: 'wren', latin: 'Troglodytes troglodytes' })
})

test('friends see an area until the owner chooses otherwise, and it follows his choice by itself', async () => {
  await phone.page.goto('/dex/jonas')
  await openPlate(phone.page, 'Wren')
  await phone.page.getByText(/an area of about 22 km/).waitFor()
  await desktop.page.goto('/settings')
  await desktop.page.getByLabel('Places, for friends').selectOption('exact')
  await phone.page.getByText(/52\.437/).waitFor()
  await desktop.page.getByLabel('Places, for friends').selectOption('hidden')
  await phone.page.getByText('Not shown').waitFor()
  // The public never gets more than friends.
  expect(await desktop.page.getByLabel('Places, for everyone else').inputValue()).toBe('hidden')
  for (const finer of ['exact', 'area'])
    expect(await desktop.page.getByLabel('Places, for everyone else').locator(`option[value=${finer}]`).isDisabled()).toBe(true)
})

test('pictures of a friend are held, said, and emptied', async () => {
  await phone.page.goto('/settings')
  const held = phone.page.getByRole('region', { name: 'Pictures on this device' })
  const line = held.getByRole('listitem').filter({ hasText: 'jonas' })
  await line.getByText(/[1-9] pictures?$/).waitFor()
  await held.getByLabel('Room for pictures').selectOption('500000000')
  await held.getByText(/of 500 MB/).waitFor()
  await line.getByRole('button', { name: 'Keep the pictures of jonas on this device' }).click()
  await line.getByRole('button', { name: 'Keep the pictures of jonas on this device', pressed: true }).waitFor()
  await line.getByRole('button', { name: 'Take the pictures of jonas off this device' }).click()
  await line.getByText('Nothing here').waitFor()
  await phone.page.goto('/dex/jonas')
  await plate(phone.page, 'Wren').locator('img').waitFor()
})

test('the account’s own log says what happened', async () => {
  await desktop.page.goto('/settings')
  await desktop.page.getByRole('button', { name: 'Show the log' }).click()
  await desktop.page.getByText('The account was made').waitFor()
  await desktop.page.getByText('You changed how places are shown').first().waitFor()
})

test('a deleted account goes from here, from its other devices and from the friend’s', async () => {
  const tablet = await stage.device(server)
  await signIn(tablet, 'jonas')
  tablet.complaints.expectStatus(410)
  tablet.complaints.expectStatus(401)
  desktop.complaints.expectStatus(401)
  desktop.complaints.expectStatus(403)
  await phone.page.goto('/dex/jonas')
  await plate(phone.page, 'Wren').waitFor()
  await desktop.page.getByRole('button', { name: 'Delete the account…' }).click()
  const sheet = sheetOn(desktop.page, 'Delete your account?')
  await sheet.getByLabel('Password', { exact: true }).fill('not the password')
  await sheet.getByRole('button', { name: 'Delete it for good' }).click()
  await sheet.getByRole('alert').waitFor()
  await sheet.getByLabel('Password', { exact: true }).fill(PASSWORD)
  await sheet.getByRole('button', { name: 'Delete it for good' }).click()
  await desktop.page.getByText('Your account is deleted. Nothing of it is left on this device.').waitFor()
  expect(new URL(desktop.page.url()).pathname).toBe('/sign-in')
  expect(await desktop.page.evaluate(async () => (await indexedDB.databases()).map(({ name }) => name))).toEqual([])
  await phone.page.getByText('You can no longer see jonas’s dex.').waitFor()
  // At its next contact.
  await tablet.page.getByRole('button', { name: 'Sync now' }).click()
  await tablet.page.getByText('Your account is deleted. Nothing of it is left on this device.').waitFor()
  expect(await plate(phone.page, 'Wren').count()).toBe(0)
})
