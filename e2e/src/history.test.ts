import { beforeAll, expect, test } from 'vitest'
import type { Device } from './kit/device.ts'
import { entriesOf } from './kit/owner.ts'
import { capture, openPlate, pick, sheetOn, signIn, signUp, writeNote } from './kit/person.ts'
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

const note = () => entriesOf(server)[0]?.note
const openHistory = (device: Device) => device.page.getByRole('button', { name: 'Every change, and back to any' }).click()
const dialog = (device: Device) => sheetOn(device.page, 'History')
const moment = (device: Device, text: string) => dialog(device).locator('.moment', { hasText: text })

test('the animal is corrected, and what was said before stays', async () => {
  await signUp(phone, 'mara')
  await capture(phone.page, await stage.photos.take(), { name: 'wren', latin: 'Troglodytes troglodytes', note: 'First words.' })
  await openPlate(phone.page, 'Wren')
  await phone.page.getByRole('button', { name: 'Change this entry' }).click()
  await phone.page.getByRole('button', { name: /^Animal/ }).click()
  await pick(phone.page, 'house sparrow', 'Passer domesticus')
  await phone.page.getByRole('button', { name: 'Choose', exact: true }).click()
  await phone.page.getByRole('button', { name: 'Save', exact: true }).click()
  await phone.page.getByRole('heading', { level: 1, name: 'House sparrow' }).waitFor()
  await phone.page.getByText(/^Named Eurasian wren by you/).waitFor()
  await phone.page.getByText(/^Named House sparrow by you/).waitFor()
})

test('the history tells in plain words which device changed what', async () => {
  await expect.poll(note).toBe('First words.')
  await signIn(laptop, 'mara')
  await openPlate(laptop.page, 'House sparrow')
  await writeNote(laptop.page, 'Second words.')
  await expect.poll(note).toBe('Second words.')
  await openHistory(laptop)
  await moment(laptop, 'Changed the note from “First words.” to “Second words.”').waitFor()
  await moment(laptop, 'Named House sparrow, Passer domesticus, by mara').waitFor()
  await moment(laptop, 'Added the note: First words.').waitFor()
  expect(await dialog(laptop).locator('.moment').count()).toBe(4)
})

test('any state can be gone back to; the history grows, and it can be undone', async () => {
  await moment(laptop, 'Added the note: First words.').getByRole('button', { name: 'Go back to this' }).click()
  await laptop.page.getByRole('heading', { level: 1, name: 'Wren' }).waitFor()
  await laptop.page.getByRole('article').getByText('First words.').waitFor()
  await phone.page.getByRole('article').getByText('First words.').waitFor()
  await phone.page.getByRole('heading', { level: 1, name: 'Wren' }).waitFor()
  await expect.poll(note).toBe('First words.')
  await laptop.page.getByRole('button', { name: 'Undo' }).click()
  await phone.page.getByRole('heading', { level: 1, name: 'House sparrow' }).waitFor()
  await expect.poll(note).toBe('Second words.')
  await openHistory(laptop)
  await expect.poll(() => dialog(laptop).locator('.moment').count()).toBe(6)
  await laptop.page.keyboard.press('Escape')
})

test('offline the history says calmly where it is, and what waits to go up', async () => {
  await phone.offline(true)
  await writeNote(phone.page, 'Third words, on the train.')
  await openHistory(phone)
  await dialog(phone).getByText('The history is kept on the server, which can’t be reached just now.').waitFor()
  await dialog(phone).getByText('Only on this device yet').waitFor()
  await dialog(phone).getByText('Changed the note from “Second words.” to “Third words, on the train.”').waitFor()
  await phone.offline(false)
  await moment(phone, 'Changed the note from “Second words.” to “Third words, on the train.”')
    .getByText(/^.+, \d+:\d\d$/)
    .waitFor()
  await dialog(phone).getByText('Only on this device yet').waitFor({ state: 'detached' })
})
