import type { Locator, Page } from 'playwright-core'
import { beforeAll, expect, test } from 'vitest'
import type { Size } from './kit/device.ts'
import { entriesOf } from './kit/owner.ts'
import { capture, choosePicture, openPlate, plate, sheetOn, signIn, signUp } from './kit/person.ts'
import type { Server } from './kit/server.ts'
import { useStage } from './kit/stage.ts'

const stage = useStage({ installs: false })
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
  await signIn(device, 'mara')
  await openPlate(page, 'Wren')
  const open = () => page.getByRole('button', { name: 'Change this entry' }).click()
  const form = sheetOn(page, 'Change this entry')
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
  await signIn(device, 'mara')
  await openPlate(page, 'Wren')
  await page.getByRole('button', { name: 'Change pictures' }).click()
  const sheet = sheetOn(page)
  await sheet.getByRole('button', { name: 'Describe picture 1' }).click()
  await sheet.getByRole('textbox').fill('A wren on a fence')
  await page.keyboard.press('Escape')
  await sheet.waitFor({ state: 'hidden' })
  await expect.poll(() => server.rows('SELECT alt FROM images')).toEqual([{ alt: 'A wren on a fence' }])
})

/** On a sheet with something typed: every way out asks, and whoever stays has it still. */
async function asksAtEveryWay(page: Page, field: Locator, typed: string, button?: string): Promise<void> {
  const ways = [
    () => page.mouse.click(5, 5),
    () => page.keyboard.press('Escape'),
    () => page.goBack({ waitUntil: 'commit' }),
    ...(button ? [() => sheetOn(page).getByRole('button', { name: button, exact: true }).click()] : []),
  ]
  await field.fill(typed)
  for (const leave of ways) {
    await leave()
    await page.getByRole('button', { name: 'Keep editing' }).click()
    expect(await field.inputValue()).toBe(typed)
  }
  await page.keyboard.press('Escape')
  await page.getByRole('button', { name: 'Discard' }).click()
}

test('on a phone every way out of a sheet asks: tap, Escape, back and Cancel, in an entry’s form and in its parts', async () => {
  const device = await stage.device(server)
  const { page } = device
  await signIn(device, 'mara')
  await openPlate(page, 'Wren')
  await page.getByRole('button', { name: 'Change this entry' }).click()
  const form = sheetOn(page, 'Change this entry')
  const note = form.getByLabel('Note', { exact: true })
  await note.fill('Not to be lost.')
  const parts: [button: RegExp, dialog: string, field: string, typed: string][] = [
    [/^Place/, 'Where did you see it?', 'Name of the place, if you like', 'The old mill'],
    [/^Seen/, 'When did you see it?', 'Day', '2026-01-02'],
    [/^Outing/, 'Which outing was it on?', 'A new outing', 'Up the hill'],
  ]
  for (const [button, dialog, field, typed] of parts) {
    await form.getByRole('button', { name: button }).click()
    await asksAtEveryWay(page, sheetOn(page, dialog).getByLabel(field), typed)
    // What was typed in the part alone is gone.
    expect(await note.inputValue()).toBe('Not to be lost.')
  }
  await asksAtEveryWay(page, note, 'Not to be lost.', 'Cancel')
  await form.waitFor({ state: 'hidden' })
  // Nothing is typed: back closes the sheet, and leaves its page where it is.
  await page.getByRole('button', { name: 'Change this entry' }).click()
  await page.goBack({ waitUntil: 'commit' })
  await form.waitFor({ state: 'hidden' })
  expect(new URL(page.url()).pathname).toMatch(/^\/entry\//)
})

test('so do the sheets of a capture, and the one of the password; whoever closes the tab is asked by the browser', async () => {
  const device = await stage.device(server, { size: 'desktop' })
  const { page } = device
  await signIn(device, 'mara')
  await page.getByRole('link', { name: 'Capture', exact: true }).click()
  await choosePicture(page, (await stage.photos.take({ seed: 3 })).path)
  await page.getByRole('button', { name: /^Place/ }).click()
  await asksAtEveryWay(page, sheetOn(page).getByLabel('Name of the place, if you like'), 'The old mill')
  await page.getByRole('link', { name: 'Settings' }).click()
  await page.getByRole('button', { name: 'Change the password' }).click()
  const sheet = sheetOn(page, 'Change the password')
  await sheet.getByLabel('Current password').fill('a')
  const asked = page.waitForEvent('dialog')
  const leaving = page.close({ runBeforeUnload: true })
  const question = await asked
  expect(question.type()).toBe('beforeunload')
  await question.dismiss()
  await leaving
  await asksAtEveryWay(page, sheet.getByLabel('Current password'), 'a', 'Cancel')
  await sheet.waitFor({ state: 'hidden' })
})

test('what was typed of oneself in the settings is asked about too: by a link, back, and the browser', async () => {
  const device = await stage.device(server)
  const { page } = device
  await signIn(device, 'mara')
  await page.getByRole('link', { name: 'Settings' }).click()
  const bio = page.getByLabel('About you')
  await bio.fill('Ponds, mostly.')
  const ways = [() => page.getByRole('link', { name: 'Dex', exact: true }).click(), () => page.goBack({ waitUntil: 'commit' })]
  for (const leave of ways) {
    await leave()
    await sheetOn(page).getByRole('button', { name: 'Keep editing' }).click()
    await sheetOn(page).waitFor({ state: 'hidden' })
    expect(await bio.inputValue()).toBe('Ponds, mostly.')
    expect(new URL(page.url()).pathname).toBe('/settings')
  }
  const asked = page.waitForEvent('dialog')
  const leaving = page.close({ runBeforeUnload: true })
  const question = await asked
  expect(question.type()).toBe('beforeunload')
  await question.dismiss()
  await leaving
  await page.getByRole('link', { name: 'Dex', exact: true }).click()
  await sheetOn(page).getByRole('button', { name: 'Discard' }).click()
  await plate(page, 'Wren').waitFor()
  await page.getByRole('link', { name: 'Settings' }).click()
  expect(await bio.inputValue()).toBe('')
  await bio.fill('Hedges.')
  await page.getByRole('button', { name: 'Save', exact: true }).click()
  await page.getByText('Saved.', { exact: true }).waitFor()
  await page.getByRole('link', { name: 'Dex', exact: true }).click()
  await plate(page, 'Wren').waitFor()
})
