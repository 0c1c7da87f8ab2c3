import { beforeAll, expect, test } from 'vitest'
import type { Device } from './kit/device.ts'
import { capture, choosePicture, openPlate, pick, plate, sheetOn, signIn, signUp, untilKept } from './kit/person.ts'
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

test('a sighting says how many, whether captive, and to oneself alone what is nobody else’s business', async () => {
  await signUp(phone, 'mara')
  const { page } = phone
  await page.goto('/capture')
  await choosePicture(page, (await stage.photos.take()).path)
  await pick(page, 'wren', 'Troglodytes troglodytes')
  await page.getByText('Notes, outing, how many, who sees it').click()
  await page.getByLabel('Note', { exact: true }).fill('Sang from the woodpile.')
  await page.getByLabel('Private note').fill('The nest is behind the third log.')
  for (let i = 0; i < 3; i += 1) await page.getByRole('button', { name: 'One more' }).click()
  await page.getByRole('button', { name: 'One fewer' }).click()
  await page.getByLabel('In captivity, a zoo or a farm').check()
  await page.getByRole('button', { name: /^Outing/ }).click()
  await page.getByLabel('A new outing').fill('Round the lake')
  await page.getByRole('button', { name: 'Begin it' }).click()
  await page.getByRole('button', { name: 'Outing Round the lake' }).waitFor()
  await page.getByRole('button', { name: /^Keep/ }).click()
  await untilKept(page)
  await openPlate(page, 'Wren')
  await page.getByText('In captivity, 2 seen').waitFor()
  await page.getByText('The nest is behind the third log.').waitFor()
  await page.getByText('Only you. Nobody else ever sees it.').waitFor()
  await page.getByText('Nothing else was seen on it yet.').waitFor()
  await expect
    .poll(() => server.rows('SELECT count, captive, private_note, outing_id IS NOT NULL AS joined FROM entries'))
    .toEqual([{ count: 2, captive: 1, private_note: 'The nest is behind the third log.', joined: 1 }])
})

test('the next one joins the same outing in one tap, also offline, and both show each other', async () => {
  const { page } = phone
  await phone.shellInstalled()
  await phone.offline(true)
  await page.goto('/capture')
  await choosePicture(page, (await stage.photos.take({ seed: 2 })).path)
  await pick(page, 'house sparrow', 'Passer domesticus')
  await page.getByRole('button', { name: 'Same outing as your last sighting: Round the lake' }).click()
  await page.getByRole('button', { name: /^Keep/ }).click()
  await untilKept(page)
  await openPlate(page, 'House sparrow')
  await page.getByText('Round the lake').waitFor()
  await page.getByRole('list', { name: 'Seen on the same outing' }).getByRole('link', { name: 'Wren' }).click()
  await page.getByRole('heading', { level: 1, name: 'Wren' }).waitFor()
  await page.getByRole('list', { name: 'Seen on the same outing' }).getByRole('link', { name: 'House sparrow' }).waitFor()
  await phone.offline(false)
  await signIn(laptop, 'mara')
  await openPlate(laptop.page, 'Wren')
  await laptop.page.getByRole('article').getByRole('link', { name: 'House sparrow' }).waitFor()
})

test('an outing begins with the last sighting where that had none', async () => {
  const { page } = phone
  const first = await stage.photos.take({ seed: 3, taken: '2025:05:01 10:00:00' })
  await capture(page, first, { name: 'hedgehog', latin: 'Erinaceus europaeus' })
  await page.goto('/capture')
  await choosePicture(page, (await stage.photos.take({ seed: 4, taken: '2025:05:01 11:30:00' })).path)
  await pick(page, 'red fox', 'Vulpes vulpes')
  await page.getByRole('button', { name: /^Same outing as your last sighting, .*hedgehog/i }).click()
  await page.getByRole('button', { name: /^Keep/ }).click()
  await untilKept(page)
  await openPlate(page, 'Red fox')
  await page.getByText('Outing on 1 May 2025', { exact: true }).waitFor()
  await page
    .getByRole('list', { name: 'Seen on the same outing' })
    .getByRole('link', { name: /hedgehog/i })
    .waitFor()
})

test('an outing is renamed, and both devices follow; deleted it leaves its sightings, and can be undone', async () => {
  await openPlate(laptop.page, 'Wren')
  await laptop.page.getByRole('button', { name: 'Change this outing' }).click()
  await sheetOn(laptop.page).getByLabel('Name').fill('Round the big lake')
  await sheetOn(laptop.page).getByLabel('Note about the outing').fill('Fog until ten.')
  await laptop.page.getByRole('button', { name: 'Save', exact: true }).click()
  await phone.page.goto('/')
  await openPlate(phone.page, 'Wren')
  await phone.page.getByText('Round the big lake').waitFor()
  await phone.page.getByText('Fog until ten.').waitFor()
  await phone.page.getByRole('button', { name: 'Change this outing' }).click()
  await phone.page.getByRole('button', { name: 'Delete this outing' }).click()
  await laptop.page.getByText('Round the big lake').waitFor({ state: 'detached' })
  await plate(laptop.page, 'Wren').waitFor()
  await phone.page.getByRole('button', { name: 'Undo' }).click()
  await laptop.page.getByText('Round the big lake').waitFor()
})
