import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { AxeBuilder } from '@axe-core/playwright'
import type { FileChooser, Page } from 'playwright-core'
import { beforeAll, expect, test } from 'vitest'
import type { Device } from './kit/device.ts'
import { capture, openPlate, sheetOn, signIn, signUp } from './kit/person.ts'
import type { PhotoFile } from './kit/photos.ts'
import { paint, SCENES } from './kit/scenes.ts'
import type { Server } from './kit/server.ts'
import { useStage } from './kit/stage.ts'

/** The pictures of one entry: added, turned over, put in order, replaced, described and removed, also offline. */
const SHOTS = join(import.meta.dirname, '../../.cache/shots')
const stage = useStage()
let server: Server
let phone: Device
let laptop: Device
let photos: PhotoFile[]

interface Row {
  readonly sha256: string
  readonly alt: string | null
  readonly state: string
  readonly main: number
}

/** The pictures as the server keeps them, in order, those in the bin apart. */
const kept = (): Row[] =>
  server.rows(
    `SELECT i.sha256, i.alt, i.state, e.primary_image = i.id AS main FROM images i JOIN entries e ON e.id = i.entry_id
     WHERE i.deleted_at IS NULL ORDER BY i.position, i.id`,
  )
const order = () => kept().map(({ sha256 }) => photos.findIndex((photo) => photo.sha256 === sha256))
const settled = async (wanted: number[]) => {
  await expect.poll(order, { timeout: 20_000 }).toEqual(wanted)
  await expect.poll(() => kept().every(({ state }) => state === 'ready'), { timeout: 20_000 }).toBe(true)
}

beforeAll(async () => {
  await mkdir(SHOTS, { recursive: true })
  server = await stage.server()
  phone = await stage.device(server)
  laptop = await stage.device(server, { size: 'desktop' })
  const painted = SCENES.slice(0, 6).map((scene, i) => paint(scene, `2026:05:1${i} 07:10:00`))
  photos = await Promise.all(painted.map(async (bytes, i) => stage.photos.file(`${i}.jpg`, await bytes)))
  await signUp(phone, 'mara')
  await phone.shellInstalled()
  const [first] = photos
  if (first) await capture(phone.page, first, { name: 'fox', latin: 'Vulpes vulpes' })
  await openPlate(phone.page, 'Red fox')
})

const path = (i: number): string => photos[i]?.path ?? ''
const sheet = (page: Page) => sheetOn(page, 'Change pictures')
async function openSheet(page: Page): Promise<void> {
  await page.getByRole('button', { name: /^(Change|Add) pictures$/ }).click()
  await sheet(page).waitFor()
}
/** Asks for another picture in the place of one; what is chosen for it is given afterwards. */
async function askToReplace(page: Page, n: number): Promise<FileChooser> {
  const chooser = page.waitForEvent('filechooser')
  await sheet(page)
    .getByRole('button', { name: `Replace picture ${n}` })
    .click()
  return chooser
}
async function closeSheet(page: Page): Promise<void> {
  await sheet(page).getByRole('button', { name: 'Close' }).click()
  await sheet(page).waitFor({ state: 'detached' })
}

/** What axe has to say by day and by night; keeps a picture to look at. */
async function faults(device: Device, name: string): Promise<string[]> {
  const found: string[] = []
  for (const theme of ['light', 'dark'] as const) {
    await device.page.emulateMedia({ colorScheme: theme })
    await device.page.screenshot({ path: join(SHOTS, `${name}-${theme}.png`) })
    const axe = new AxeBuilder({ page: device.page }).setLegacyMode()
    const tagged = axe.withTags(['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa'])
    const { violations } = await tagged.analyze()
    found.push(...violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${name}, ${theme}: ${id} ${html}`)))
  }
  return found
}

test('adds several pictures at once, offline, and shows them at once', async () => {
  const { page } = phone
  await phone.offline(true)
  await openSheet(page)
  await page.locator('input[name="add-pictures"]').setInputFiles([path(1), path(2)])
  await expect.poll(() => sheet(page).getByRole('listitem').count()).toBe(3)
  await expect.poll(() => sheet(page).locator('li img:visible').count()).toBe(3)
  await closeSheet(page)
  await page.getByRole('button', { name: 'Show picture 3' }).click()
  await page.getByText('Picture 3 of 3').waitFor()
  expect(order()).toEqual([0])
  await phone.offline(false)
  await settled([0, 1, 2])
})

test('turns pictures over by keyboard and by swiping', async () => {
  const { page } = phone
  const gallery = page.getByRole('region', { name: '3 pictures' })
  await gallery.focus()
  await page.keyboard.press('ArrowLeft')
  await page.getByText('Picture 2 of 3').waitFor()
  await gallery.evaluate((box) => box.scrollTo({ left: 0, behavior: 'instant' }))
  await page.getByText('Picture 1 of 3').waitFor()
})

test('puts pictures in order with buttons and by dragging, and chooses the main one, offline', async () => {
  const { page } = phone
  await phone.offline(true)
  await openSheet(page)
  await sheet(page).getByRole('button', { name: 'Move picture 3 earlier' }).click()
  await page.getByText('Picture moved to place 2 of 3').waitFor({ state: 'attached' })
  await sheet(page).getByRole('button', { name: 'Use picture 2 as the main picture' }).click()
  await expect.poll(() => sheet(page).getByRole('listitem').nth(1).getByText('Main picture').count()).toBe(1)
  const handles = sheet(page).locator('.handle')
  const [from, to] = [await handles.nth(0).boundingBox(), await handles.nth(2).boundingBox()]
  if (!from || !to) throw new Error('nothing to drag')
  await page.mouse.move(from.x + 30, from.y + 30)
  await page.mouse.down()
  await page.mouse.move(to.x + 30, to.y + 20, { steps: 5 })
  await page.mouse.move(to.x + 30, to.y + 60, { steps: 3 })
  await page.mouse.up()
  await closeSheet(page)
  await phone.offline(false)
  await settled([2, 1, 0])
  expect(kept().map(({ main }) => main)).toEqual([1, 0, 0])
})

test('replaces the main picture, takes it back, and replaces it again', async () => {
  const { page } = phone
  await openSheet(page)
  await phone.offline(true)
  await (await askToReplace(page, 1)).setFiles(path(3))
  await sheet(page).getByText('Picture replaced').waitFor()
  await sheet(page).getByRole('button', { name: 'Undo' }).click()
  await sheet(page).getByText('Picture replaced').waitFor({ state: 'detached' })
  // The server has never heard of the other one: that the first is back is to be seen here alone.
  await page.getByText('The picture is back').waitFor({ state: 'attached' })
  await phone.offline(false)
  await settled([2, 1, 0])
  await (await askToReplace(page, 1)).setFiles(path(4))
  await sheet(page).getByText('Picture replaced').waitFor()
  await settled([4, 1, 0])
  expect(kept().map(({ main }) => main)).toEqual([1, 0, 0])
  await closeSheet(page)
})

test('removes a picture, and brings it back after it has left the server too', async () => {
  const { page } = phone
  await openSheet(page)
  await sheet(page).getByRole('button', { name: 'Remove picture 2' }).click()
  await settled([4, 0])
  await sheet(page).getByRole('button', { name: 'Undo' }).click()
  await settled([4, 1, 0])
  await closeSheet(page)
})

test('a picture that was removed is listed for its days, and comes back from the list', async () => {
  const { page } = phone
  await openSheet(page)
  await sheet(page).getByRole('button', { name: 'Remove picture 2' }).click()
  await settled([4, 0])
  await closeSheet(page)
  await page.reload()
  await openSheet(page)
  await sheet(page).getByText('Removed pictures').click()
  // Those that were replaced lie there too.
  const listed = sheet(page).locator('.removed li')
  await expect.poll(() => listed.count()).toBe(3)
  await page.screenshot({ path: join(SHOTS, 'pictures-removed.png') })
  await listed
    .first()
    .getByRole('button', { name: /^Bring back/ })
    .click()
  await settled([4, 1, 0])
  await expect.poll(() => listed.count()).toBe(2)
  await closeSheet(page)
})

test('a picture that was removed before it went up goes up when it comes back', async () => {
  const { page } = phone
  await phone.offline(true)
  await openSheet(page)
  await page.locator('input[name="add-pictures"]').setInputFiles(path(5))
  await expect.poll(() => sheet(page).getByRole('listitem').count()).toBe(4)
  await sheet(page).getByRole('button', { name: 'Remove picture 4' }).click()
  phone.complaints.expectStatus(422, '/api/v2/uploads')
  await phone.offline(false)
  await expect.poll(() => server.rows('SELECT 1 FROM images WHERE deleted_at IS NOT NULL').length).toBeGreaterThan(2)
  await sheet(page).getByRole('button', { name: 'Undo' }).click()
  await settled([4, 1, 0, 5])
  await closeSheet(page)
})

test('describes a picture for those who cannot see it', async () => {
  const { page } = phone
  await openSheet(page)
  await sheet(page).getByRole('button', { name: 'Describe picture 1' }).click()
  await sheet(page).getByLabel('What picture 1 shows').fill('A fox looks back')
  await page.keyboard.press('Tab')
  await expect.poll(() => kept()[0]?.alt).toBe('A fox looks back')
  const tops = await sheet(page)
    .getByRole('listitem')
    .evaluateAll((rows) => rows.map((row) => row.getBoundingClientRect().top))
  expect(tops).toEqual(tops.toSorted((a, b) => a - b))
  expect(await faults(phone, 'pictures-sheet-phone')).toEqual([])
  await closeSheet(page)
  await page.getByRole('button', { name: 'Show picture 1' }).click()
  await page.getByRole('img', { name: 'A fox looks back' }).waitFor()
})

test('looks right on a phone and on a desktop', async () => {
  await signIn(laptop, 'mara')
  await openPlate(laptop.page, 'Red fox')
  await laptop.page.getByText('Picture 1 of 4').waitFor()
  await expect.poll(() => laptop.page.locator('.strip img:visible').count()).toBe(4)
  expect(await faults(phone, 'pictures-phone')).toEqual([])
  expect(await faults(laptop, 'pictures-desktop')).toEqual([])
  await openSheet(laptop.page)
  await expect.poll(() => sheet(laptop.page).locator('li img:visible').count()).toBe(4)
  expect(await faults(laptop, 'pictures-sheet-desktop')).toEqual([])
})

test('what is chosen in the place of a picture is taken, though another device has removed that one meanwhile', async () => {
  const { page } = phone
  await openSheet(page)
  const chooser = await askToReplace(page, 2)
  await sheet(laptop.page).getByRole('button', { name: 'Remove picture 2' }).click()
  await expect.poll(() => sheet(page).getByRole('listitem').count(), { timeout: 20_000 }).toBe(3)
  await chooser.setFiles(path(2))
  await settled([4, 2, 0, 5])
  await closeSheet(page)
})

test('what comes in the place of the main picture is the main one, though that was removed meanwhile; undoing brings back nothing else', async () => {
  const { page } = phone
  await openSheet(page)
  const chooser = await askToReplace(page, 1)
  await sheet(laptop.page).getByRole('button', { name: 'Remove picture 1' }).click()
  await expect.poll(() => sheet(page).getByRole('listitem').count(), { timeout: 20_000 }).toBe(3)
  await chooser.setFiles(path(3))
  await settled([3, 2, 0, 5])
  expect(kept().map(({ main }) => main)).toEqual([1, 0, 0, 0])
  await sheet(page).getByRole('button', { name: 'Undo' }).click()
  await settled([2, 0, 5])
  await closeSheet(page)
})

test('of several files those that are pictures are added, and which are not is said', async () => {
  const { page } = phone
  await openSheet(page)
  const { path: drawing } = await stage.photos.file('drawing.svg', Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>'))
  const { path: text } = await stage.photos.file('diary.txt', Buffer.from('Saw a fox.'))
  await page.locator('input[name="add-pictures"]').setInputFiles([path(1), drawing, text, path(4)])
  await settled([2, 0, 5, 1, 4])
  const said = sheet(page).getByRole('alert')
  await expect.poll(() => said.textContent()).toContain('drawing.svg: This kind of picture is not taken.')
  await expect.poll(() => said.textContent()).toContain('diary.txt: ')
  await closeSheet(page)
})

test('a device that is full says so, whatever was to be stored', async () => {
  const { page } = phone
  const full = (isFull = true) =>
    page.evaluate((none) => {
      const store = IDBObjectStore.prototype as IDBObjectStore & { roomy?: IDBObjectStore['put'] }
      store.roomy ??= store.put
      store.put = none
        ? () => {
            throw new DOMException('No room', 'QuotaExceededError')
          }
        : store.roomy
    }, isFull)
  const toast = page.locator('.toast', { hasText: 'This device has no room left, so the change was not stored.' })
  await openSheet(page)
  await full()
  await sheet(page).getByRole('button', { name: 'Describe picture 1' }).click()
  const words = sheet(page).getByLabel('What picture 1 shows')
  await words.fill('Typed on a full device')
  await words.blur()
  await toast.waitFor()
  await full(false)
  await words.focus()
  await words.blur()
  await expect.poll(() => kept().map(({ alt }) => alt)).toContain('Typed on a full device')
  await full()
  await sheet(page).getByRole('button', { name: 'Remove picture 1' }).click()
  await sheet(page).getByText('This device has no room left, so the change was not stored.').waitFor()
  await page.locator('input[name="add-pictures"]').setInputFiles(path(3))
  await sheet(page).getByText('This device has no room left for the picture.').waitFor()
  await page.goto('/settings')
  await page.getByLabel('Name on your dex').fill('Mara of the ponds')
  await full()
  await page.getByRole('button', { name: 'Save', exact: true }).first().click()
  await toast.waitFor()
})
