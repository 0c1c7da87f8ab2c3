import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { entriesOf, imagesOf, Owner } from './kit/owner.ts'
import { capture, openPlate, plate, sheetOn, signUp } from './kit/person.ts'
import { useStage } from './kit/stage.ts'

const stage = useStage({ perTest: true })

/** On an entry: adds pictures to it. */
async function addPictures(page: Page, ...paths: readonly string[]): Promise<void> {
  await page.getByRole('button', { name: /^(Change|Add) pictures$/ }).click()
  const sheet = sheetOn(page, 'Change pictures')
  await page.locator('input[name="add-pictures"]').setInputFiles([...paths])
  await expect.poll(() => sheet.getByRole('listitem').count()).toBe(1 + paths.length)
  await sheet.getByRole('button', { name: 'Close' }).click()
}

/** A phone with a moose that is on the server, open, and its owner as another device. */
async function withMoose() {
  const server = await stage.server()
  const phone = await stage.device(server)
  const { page } = phone
  await signUp(phone, 'mara')
  await capture(page, await stage.photos.take(), { name: 'moose', latin: 'Alces alces' })
  await plate(page, 'Moose').getByRole('img', { name: 'On the server' }).waitFor()
  const id = await openPlate(page, 'Moose')
  return { server, phone, page, id, owner: await Owner.signIn(server, 'mara') }
}

test('a picture added to an entry that was deleted meanwhile is shown in the tray, and goes up with the entry brought back', async () => {
  const { server, phone, page, id, owner } = await withMoose()
  await phone.offline(true)
  await addPictures(page, (await stage.photos.take({ seed: 2 })).path)
  await owner.change({ type: 'entry', id, op: 'delete' })
  await phone.offline(false)
  await page.goto('/tray')
  await page.getByText('its entry was deleted meanwhile').waitFor()
  await page.goto('/settings')
  await page.getByRole('button', { name: 'Sign out', exact: true }).click()
  const dialog = sheetOn(page, 'Sign out of this device?')
  await dialog.getByRole('button', { name: 'Send, then sign out' }).click()
  // Said at once: it waits for no picture that cannot go.
  await dialog.getByText('This cannot be sent as it is').waitFor()
  await page.goto('/tray')
  await page.getByRole('heading', { name: 'Moose' }).waitFor()
  await page.locator('.picture-said img').waitFor()
  await page.getByRole('button', { name: 'Bring its entry back and try again' }).click()
  await page.getByText('Nothing needs you').waitFor()
  await expect.poll(() => imagesOf(server).map(({ state }) => state)).toEqual(['ready', 'ready'])
  expect(entriesOf(server).map(({ deleted_at }) => deleted_at)).toEqual([null])
})

test('what was set aside is not dropped by a sign-out that was to send it first', async () => {
  const { server, phone, page, owner } = await withMoose()
  await expect.poll(() => imagesOf(server).map(({ state }) => state)).toEqual(['ready'])
  await phone.offline(true)
  await page.getByRole('button', { name: 'Change pictures' }).click()
  const sheet = sheetOn(page, 'Change pictures')
  await sheet.getByRole('button', { name: 'Describe picture 1' }).click()
  await sheet.getByRole('textbox').fill('A moose in the fog')
  await sheet.getByRole('textbox').blur()
  await sheet.getByRole('button', { name: 'Close' }).click()
  await owner.change({ type: 'image', id: imagesOf(server)[0]?.id, op: 'delete' })
  // The picture that was described is in the bin.
  phone.complaints.expectStatus(404)
  await phone.offline(false)
  await page.goto('/tray')
  await page.getByText('A moose in the fog').waitFor()
  await page.goto('/settings')
  await page.getByRole('button', { name: 'Sign out', exact: true }).click()
  const dialog = sheetOn(page, 'Sign out of this device?')
  await dialog.getByText('Only on this device: one change.').waitFor()
  await dialog.getByRole('button', { name: 'Send, then sign out' }).click()
  await dialog.getByText('This cannot be sent as it is').waitFor()
  await page.goto('/tray')
  await page.getByText('A moose in the fog').waitFor()
})

test('a clash about the main picture shows both pictures', async () => {
  const { server, page, id, owner } = await withMoose()
  const more = await Promise.all([2, 3].map((seed) => stage.photos.take({ seed })))
  await addPictures(page, ...more.map(({ path }) => path))
  await expect.poll(() => imagesOf(server).filter(({ state }) => state === 'ready').length).toBe(3)
  const imageOf = (at: number) => imagesOf(server).find(({ sha256 }) => sha256 === more[at]?.sha256)?.id
  for (const at of [0, 1])
    await owner.change({ type: 'entry', id, op: 'update', set: { primaryImage: { was: null, to: imageOf(at) } } })
  await page.goto('/tray')
  await page.getByText('You changed the main picture on two devices').waitFor()
  await page.getByText('picture 2 of 3').waitFor()
  await page.getByText('picture 3 of 3').waitFor()
  const pictures = page.locator('.said img:visible')
  await expect.poll(() => pictures.count()).toBe(2)
  const [one, other] = await pictures.evaluateAll((images) => images.map((image) => (image as HTMLImageElement).src))
  expect(one).not.toBe(other)
  await page.getByRole('button', { name: 'Use this one' }).click()
  await page.getByText('Nothing needs you').waitFor()
  const main = () => server.rows<{ id: string }>('SELECT primary_image id FROM entries')[0]?.id
  await expect.poll(main).toBe(imageOf(1))
})
