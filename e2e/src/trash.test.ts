import { beforeAll, expect, test } from 'vitest'
import type { Device } from './kit/device.ts'
import { entriesOf } from './kit/owner.ts'
import { capture, openPlate, plate, signIn, signUp, writeNote } from './kit/person.ts'
import type { Server } from './kit/server.ts'
import { useStage } from './kit/stage.ts'

const stage = useStage()
let server: Server
let phone: Device
let laptop: Device

beforeAll(async () => {
  server = await stage.server()
  phone = await stage.device(server)
  laptop = await stage.device(server, { size: 'desktop' })
})

async function remove(device: Device, name: string): Promise<void> {
  await openPlate(device.page, name)
  await device.page.getByRole('button', { name: 'Change this entry' }).click()
  await device.page.getByRole('button', { name: 'Delete this entry' }).click()
  await plate(device.page, name).waitFor({ state: 'detached' })
}

test('a deleted entry waits in the trash of every device, with the days it has left', async () => {
  await signUp(phone, 'mara')
  await capture(phone.page, await stage.photos.take(), { name: 'wren', latin: 'Troglodytes troglodytes', note: 'Sang.' })
  await capture(phone.page, await stage.photos.take({ seed: 2 }), { name: 'red fox', latin: 'Vulpes vulpes' })
  await plate(phone.page, 'Wren').getByRole('img', { name: 'On the server' }).waitFor()
  await plate(phone.page, 'Red fox').getByRole('img', { name: 'On the server' }).waitFor()
  await signIn(laptop, 'mara')
  await plate(laptop.page, 'Wren').locator('img').waitFor()
  await remove(phone, 'Wren')
  await phone.page.goto('/tray')
  await phone.page.getByRole('link', { name: 'One deleted entry' }).click()
  await phone.page.getByRole('heading', { name: 'Wren' }).waitFor()
  await phone.page.getByText('· 30 days left').waitFor()
  await expect.poll(() => entriesOf(server).filter(({ deleted_at }) => deleted_at !== null)).toHaveLength(1)
  await laptop.page.goto('/trash')
  await laptop.page.getByRole('heading', { name: 'Wren' }).waitFor()
  // Its picture was seen on this device before, and stays with it.
  await laptop.page.locator('.deleted img').waitFor()
})

test('offline too it is deleted and brought back, whole', async () => {
  await phone.shellInstalled()
  await phone.offline(true)
  await phone.page.goto('/')
  await remove(phone, 'Red fox')
  await phone.page.goto('/trash')
  await phone.page.getByRole('heading', { name: 'Red fox' }).waitFor()
  await phone.page.getByRole('button', { name: 'Bring back: Eurasian wren' }).click()
  await phone.page.getByText('Eurasian wren is back.').waitFor()
  await phone.page.getByRole('button', { name: 'Open', exact: true }).click()
  await phone.page.getByRole('heading', { level: 1, name: 'Wren' }).waitFor()
  await phone.page.getByText('Sang.').waitFor()
  await phone.offline(false)
  await laptop.page.getByRole('heading', { name: 'Red fox' }).waitFor()
  await laptop.page.getByRole('heading', { name: 'Wren' }).waitFor({ state: 'detached' })
  await laptop.page.getByRole('button', { name: 'Bring back: Red fox' }).click()
  await laptop.page.getByText('Nothing in the trash').waitFor()
  await laptop.page.goto('/')
  await plate(laptop.page, 'Wren').waitFor()
  await plate(laptop.page, 'Red fox').waitFor()
  await expect.poll(() => entriesOf(server).every(({ deleted_at }) => deleted_at === null)).toBe(true)
})

test('what was changed here and deleted there comes back, seen by its owner alone, and says so', async () => {
  await phone.page.getByRole('heading', { level: 1, name: 'Wren' }).waitFor()
  await phone.offline(true)
  await writeNote(phone.page, 'Sang twice.')
  await remove(laptop, 'Wren')
  await expect.poll(() => entriesOf(server).filter(({ deleted_at }) => deleted_at !== null)).toHaveLength(1)
  await phone.offline(false)
  await phone.page.getByText('An entry that you changed here had been deleted on another device.').waitFor()
  await phone.page.getByRole('article').getByText('Sang twice.').waitFor()
  await phone.page.getByText('Only you', { exact: true }).waitFor()
  await plate(laptop.page, 'Wren').waitFor()
})
