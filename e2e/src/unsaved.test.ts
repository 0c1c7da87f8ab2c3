import { beforeAll, expect, test } from 'vitest'
import type { Size } from './kit/device.ts'
import { entriesOf } from './kit/owner.ts'
import { capture, openPlate, plate, signIn, signUp } from './kit/person.ts'
import type { Server } from './kit/server.ts'
import { useStage } from './kit/stage.ts'

const stage = useStage()
let server: Server

beforeAll(async () => {
  server = await stage.server()
  const phone = await stage.device(server)
  await signUp(phone, 'mara')
  await capture(phone.page, await stage.photos.take(), { name: 'wren', latin: 'Troglodytes troglodytes' })
  await plate(phone.page, 'Wren').getByRole('img', { name: 'On the server' }).waitFor()
})

test.each<[Size, string]>([
  ['phone', 'a'],
  ['desktop', 'b'],
])('on a %s a tap beside an entry’s form, or Escape, asks before typed text goes', async (size, note) => {
  const device = await stage.device(server, { size })
  const { page } = device
  await page.goto('/sign-in')
  await signIn(device, 'mara')
  await openPlate(page, 'Wren')
  const open = () => page.getByRole('button', { name: 'Change this entry' }).click()
  const form = page.getByRole('dialog', { name: 'Change this entry' })
  const field = form.getByLabel('Note', { exact: true })
  await open()
  await page.keyboard.press('Escape')
  await form.waitFor({ state: 'hidden' })
  await open()
  await field.fill(note)
  await page.mouse.click(5, 5)
  await form.getByText('What you changed here is not saved yet.').waitFor()
  await form.getByRole('button', { name: 'Keep editing' }).click()
  expect(await field.inputValue()).toBe(note)
  await page.keyboard.press('Escape')
  await form.getByRole('button', { name: 'Discard' }).click()
  await form.waitFor({ state: 'hidden' })
  await open()
  expect(await field.inputValue()).not.toBe(note)
  await field.fill(note)
  await form.getByRole('button', { name: 'Save', exact: true }).click()
  await form.waitFor({ state: 'hidden' })
  await expect.poll(() => entriesOf(server).map((entry) => entry.note)).toEqual([note])
})

test('a description of a picture is kept though Escape takes its field away', async () => {
  const device = await stage.device(server, { size: 'desktop' })
  const { page } = device
  await page.goto('/sign-in')
  await signIn(device, 'mara')
  await openPlate(page, 'Wren')
  await page.getByRole('button', { name: 'Change pictures' }).click()
  const sheet = page.getByRole('dialog')
  await sheet.getByRole('button', { name: 'Describe picture 1' }).click()
  await sheet.getByRole('textbox').fill('A wren on a fence')
  await page.keyboard.press('Escape')
  await sheet.waitFor({ state: 'hidden' })
  await expect.poll(() => server.rows('SELECT alt FROM images')).toEqual([{ alt: 'A wren on a fence' }])
})
