import type { Page } from 'playwright-core'
import { beforeAll, beforeEach, expect, test } from 'vitest'
import type { Device } from './kit/device.ts'
import { signIn, signUp, untilKept } from './kit/person.ts'
import type { PhotoFile } from './kit/photos.ts'
import type { Server } from './kit/server.ts'
import { useStage } from './kit/stage.ts'

/** Photos that come while others are there, while they are being kept, or in another tab: none takes another's place. */
const stage = useStage()
let server: Server
let phone: Device
let laptop: Device
let photos: PhotoFile[]
/** Sets of photos that were kept, each as an entry, by the tests so far. */
let before: string[] = []

beforeAll(async () => {
  server = await stage.server()
  phone = await stage.device(server)
  laptop = await stage.device(server, { size: 'desktop' })
  photos = await Promise.all(Array.from({ length: 15 }, (_, seed) => stage.photos.take({ seed: seed + 1 })))
  await signUp(phone, 'mara')
  await phone.shellInstalled()
  await signIn(laptop, 'mara')
})

/** The pictures of each entry, as numbers of the photos. */
function all(): string[] {
  const rows = server.rows<{ entry: string; sha256: string }>(
    'SELECT i.entry_id AS entry, i.sha256 FROM images i ORDER BY i.position',
  )
  const entries = new Map<string, number[]>()
  for (const { entry, sha256 } of rows)
    entries.set(entry, [...(entries.get(entry) ?? []), photos.findIndex((photo) => photo.sha256 === sha256)])
  return [...entries.values()].map((numbers) => numbers.join('+')).sort()
}
const kept = () => all().filter((one) => !before.includes(one))
const arrived = (...entries: string[]) => expect.poll(kept, { timeout: 30_000 }).toEqual(entries)
beforeEach(() => {
  before = all()
})

const path = (i: number): string => photos[i]?.path ?? ''
const strip = (page: Page) => page.getByRole('region', { name: 'The photos you chose' })
const keep = (page: Page) => page.getByRole('button', { name: /^Keep/ })
const draftLies = (page: Page) =>
  page.locator('.safe[aria-busy=false]', { hasText: 'Kept on this device as a draft' }).waitFor()
async function add(page: Page, ...numbers: readonly number[]): Promise<void> {
  await page.locator('input[type=file][name=library]').setInputFiles(numbers.map(path))
}
async function begin(page: Page, ...numbers: readonly number[]): Promise<void> {
  await page.goto('/capture')
  await add(page, ...numbers)
  await page.getByRole('img', { name: 'Your photo' }).waitFor()
}
async function drop(page: Page, i: number): Promise<void> {
  const bytes = [...(photos[i]?.bytes ?? [])]
  const dataTransfer = await page.evaluateHandle((numbers) => {
    const data = new DataTransfer()
    data.items.add(new File([new Uint8Array(numbers)], 'dropped.jpg'))
    return data
  }, bytes)
  await page.dispatchEvent('#content', 'drop', { dataTransfer })
}

/** From now on this device takes its time to seal what it writes; the answer lets it go on, or fail. */
async function sealSlowly(page: Page): Promise<{ readonly goOn: () => Promise<void>; readonly fail: () => Promise<void> }> {
  const gate = await page.evaluateHandle(() => {
    const seal = SubtleCrypto.prototype.encrypt
    const end = Promise.withResolvers<undefined>()
    SubtleCrypto.prototype.encrypt = async function slowly(...args) {
      await end.promise
      return seal.apply(this, args)
    }
    const atOnce = () => {
      SubtleCrypto.prototype.encrypt = seal
    }
    return {
      goOn() {
        atOnce()
        end.resolve(undefined)
      },
      fail() {
        atOnce()
        end.reject(new Error('The device did not want to.'))
      },
    }
  })
  return { goOn: () => gate.evaluate(({ goOn }) => goOn()), fail: () => gate.evaluate(({ fail }) => fail()) }
}

test('on a phone: photos that come while one is being kept come next, and all of them are kept', async () => {
  const { page } = phone
  await begin(page, 0)
  await draftLies(page)
  const store = await sealSlowly(page)
  await keep(page).click()
  await page.getByText('Keeping…').waitFor()
  await add(page, 1)
  await page.getByText('1 photo becomes this entry, 1 comes next.').waitFor()
  await drop(page, 2)
  await page.getByText('1 photo becomes this entry, 2 come next.').waitFor()
  await store.goOn()
  await untilKept(page)
  await page.getByText('All 2 become one entry').waitFor()
  await draftLies(page)
  await page.reload()
  await page.getByText('All 2 become one entry').waitFor()
  await keep(page).click()
  await page.waitForURL((url) => url.pathname === '/')
  await arrived('0', '1+2')
})

test('on a desktop: so do those that were set apart, and those that somebody is still choosing', async () => {
  const { page } = laptop
  await begin(page, 3, 4)
  await page.getByRole('button', { name: 'Photo 2 goes with it' }).click()
  await draftLies(page)
  const store = await sealSlowly(page)
  await keep(page).click()
  await page.getByText('Keeping…').waitFor()
  await drop(page, 5)
  await page.getByText('1 photo becomes this entry, 2 come next.').waitFor()
  await store.goOn()
  await untilKept(page)
  await page.getByText('All 2 become one entry').waitFor()
  const again = await sealSlowly(page)
  await keep(page).click()
  await page.getByText('Keeping…').waitFor()
  const chooser = page.waitForEvent('filechooser')
  await page.getByRole('button', { name: 'Add pictures' }).click()
  const chosen = await chooser
  await again.goOn()
  await page.getByText('What did you meet?').waitFor()
  await chosen.setFiles(path(6))
  await page.getByRole('img', { name: 'Your photo' }).waitFor()
  await keep(page).click()
  await page.waitForURL((url) => url.pathname === '/')
  await arrived('3', '4+5', '6')
})

test('when one could not be kept, it is there still, and so is what came meanwhile', async () => {
  const { page } = phone
  await begin(page, 7)
  await draftLies(page)
  const store = await sealSlowly(page)
  await keep(page).click()
  await page.getByText('Keeping…').waitFor()
  await drop(page, 8)
  await page.getByText('1 photo becomes this entry, 1 comes next.').waitFor()
  await store.fail()
  await page.getByText('It could not be kept on this device.').waitFor()
  await page.getByText('1 photo becomes this entry, 1 comes next.').waitFor()
  await keep(page).click()
  await untilKept(page)
  await expect.poll(() => strip(page).count()).toBe(0)
  await keep(page).click()
  await page.waitForURL((url) => url.pathname === '/')
  await arrived('7', '8')
})

test('more pictures join those that are there; one that is not wanted is left out, and back with a tap', async () => {
  const { page } = phone
  await begin(page, 9)
  const chooser = page.waitForEvent('filechooser')
  await page.getByRole('button', { name: 'Add pictures' }).click()
  await (await chooser).setFiles([path(10), path(14)])
  await page.getByText('All 3 become one entry').waitFor()
  await page.getByRole('button', { name: 'Leave photo 1 out' }).click()
  await page.getByText('All 2 become one entry').waitFor()
  await page.getByRole('button', { name: 'Leave photo 1 out' }).click()
  await expect.poll(() => strip(page).getByRole('listitem').count()).toBe(0)
  await strip(page).getByRole('button', { name: 'Undo' }).click()
  await page.getByText('All 2 become one entry').waitFor()
  await keep(page).click()
  await page.waitForURL((url) => url.pathname === '/')
  await arrived('10+14')
})

test('two tabs make a capture each; one that a closed tab left behind is there at the next visit', async () => {
  const { page } = laptop
  await begin(page, 11)
  await draftLies(page)
  const other = await laptop.newTab('/capture')
  await other.getByText('What did you meet?').waitFor()
  await add(other, 12, 13)
  await other.getByText('All 2 become one entry').waitFor()
  await draftLies(other)
  // Both are away for a moment, and the second comes back first.
  await page.goto('about:blank')
  await other.reload()
  await other.getByText('All 2 become one entry').waitFor()
  await page.goto('/capture')
  await page.getByRole('img', { name: 'Your photo' }).waitFor()
  expect(await strip(page).count()).toBe(0)
  await keep(page).click()
  await page.waitForURL((url) => url.pathname === '/')
  await other.close()
  await page.getByRole('link', { name: 'Capture', exact: true }).click()
  await page.getByText('All 2 become one entry').waitFor()
  await keep(page).click()
  await page.waitForURL((url) => url.pathname === '/')
  await arrived('11', '12+13')
  await page.getByRole('link', { name: 'Capture', exact: true }).click()
  await page.getByText('What did you meet?').waitFor()
})
