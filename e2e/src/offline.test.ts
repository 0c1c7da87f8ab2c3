import { beforeAll, expect, test } from 'vitest'
import type { Device } from './kit/device.ts'
import { entriesOf, imagesOf } from './kit/owner.ts'
import { capture, openPlate, plate, signIn, signUp, writeNote } from './kit/person.ts'
import type { Server } from './kit/server.ts'
import { useStage } from './kit/stage.ts'

const stage = useStage()
let server: Server
let phone: Device
let laptop: Device
let moose = ''

beforeAll(async () => {
  server = await stage.server()
  phone = await stage.device(server, { profile: true })
  laptop = await stage.device(server, { size: 'desktop' })
  await signUp(phone, 'mara')
  await capture(phone.page, await stage.photos.take(), { name: 'moose', latin: 'Alces alces' })
  await plate(phone.page, 'Moose').getByRole('img', { name: 'On the server' }).waitFor()
  await phone.shellInstalled()
  await signIn(laptop, 'mara')
  await plate(laptop.page, 'Moose').waitFor()
})

test('with the server dead: capture, edit, close the browser', async () => {
  for (const device of [phone, laptop]) device.complaints.expectNoAnswer()
  await server.kill()
  moose = await openPlate(phone.page, 'Moose')
  await writeNote(phone.page, 'Written without a network.')
  await capture(phone.page, await stage.photos.take({ seed: 2 }), { name: 'wren', latin: 'Troglodytes troglodytes' })
  await plate(phone.page, 'Wren').getByRole('img', { name: 'Saved here' }).waitFor()
  await phone.page.getByText('Offline: everything is kept here and goes up by itself').waitFor()
  await phone.stop()
})

test('opened again without a server, at any address: all is there', async () => {
  await phone.start()
  const { page } = phone
  await page.goto(`/entry/${moose}`)
  await page.getByText('Written without a network.').waitFor()
  const picture = page.getByRole('img', { name: 'Your picture of Moose' })
  await expect.poll(() => picture.evaluate((img: HTMLImageElement) => img.naturalWidth)).toBeGreaterThan(0)
  await page.goto('/')
  await plate(page, 'Wren').getByText('No. —').waitFor()
  const onPlate = plate(page, 'Wren').locator('img')
  await expect.poll(() => onPlate.evaluate((img: HTMLImageElement) => img.naturalWidth)).toBeGreaterThan(0)
  await page.reload()
  await plate(page, 'Wren').waitFor()
})

test('when the server is back everything goes up by itself, and the other device shows it', async () => {
  await server.start()
  await plate(phone.page, 'Wren').getByRole('img', { name: 'On the server' }).waitFor({ timeout: 60_000 })
  await plate(phone.page, 'Moose').getByRole('img', { name: 'On the server' }).waitFor()
  await plate(laptop.page, 'Wren').getByText('No. 0002').waitFor({ timeout: 60_000 })
  await openPlate(laptop.page, 'Moose')
  await laptop.page.getByText('Written without a network.').waitFor()
  expect(entriesOf(server)).toHaveLength(2)
  await expect.poll(() => imagesOf(server).map(({ state }) => state)).toEqual(['ready', 'ready'])
})

test('the network goes and comes back while the app is open', async () => {
  await phone.offline(true)
  const photo = await stage.photos.take({ seed: 3 })
  await phone.page.goto('/capture')
  await capture(phone.page, photo, { name: 'robin', latin: 'Erithacus rubecula' })
  await plate(phone.page, 'Robin').getByRole('img', { name: 'Saved here' }).waitFor()
  await phone.offline(false)
  await plate(phone.page, 'Robin').getByText('No. 0003').waitFor()
  await plate(phone.page, 'Robin').getByRole('img', { name: 'On the server' }).waitFor()
  await plate(laptop.page, 'Robin').waitFor()
  await expect.poll(() => imagesOf(server).map(({ sha256 }) => sha256)).toContain(photo.sha256)
})
