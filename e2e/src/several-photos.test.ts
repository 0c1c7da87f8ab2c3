import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { AxeBuilder } from '@axe-core/playwright'
import type { Page } from 'playwright-core'
import { beforeAll, expect, test } from 'vitest'
import type { Device } from './kit/device.ts'
import { EVERYWHERE } from './kit/long.ts'
import { openPlate, pick, plate, signIn, signUp, untilKept } from './kit/person.ts'
import type { PhotoFile } from './kit/photos.ts'
import { paint, SCENES } from './kit/scenes.ts'
import type { Server } from './kit/server.ts'
import { useStage } from './kit/stage.ts'

const stage = useStage()
const SHOTS = join(import.meta.dirname, '../../.cache/shots')
let server: Server
let phone: Device
let photos: PhotoFile[]

beforeAll(async () => {
  await mkdir(SHOTS, { recursive: true })
  server = await stage.server()
  phone = await stage.device(server, { profile: true })
  const painted = SCENES.slice(0, 6).map((scene, i) => paint(scene, `2026:05:1${i} 07:10:00`))
  photos = await Promise.all(painted.map(async (bytes, i) => stage.photos.file(`${i}.jpg`, await bytes)))
  await signUp(phone, 'mara')
  await phone.shellInstalled()
})

/** Pictures of each entry that has some, as numbers of the photos. */
function kept(): number[][] {
  const rows = server.rows<{ entry: string; sha256: string }>(
    'SELECT i.entry_id AS entry, i.sha256 FROM images i ORDER BY i.position',
  )
  const entries = new Map<string, number[]>()
  for (const { entry, sha256 } of rows)
    entries.set(entry, [...(entries.get(entry) ?? []), photos.findIndex((photo) => photo.sha256 === sha256)])
  return [...entries.values()].sort(([a = 0], [b = 0]) => a - b)
}

async function choose(page: Page, ...numbers: readonly number[]): Promise<void> {
  await page.goto('/capture')
  const paths = numbers.map((i) => photos[i]?.path ?? '')
  await page.locator('input[type=file][name=library]').setInputFiles(paths)
}
const strip = (page: Page) => page.getByRole('region', { name: 'The photos you chose' })
const keep = (page: Page) => page.getByRole('button', { name: /^Keep/ })

/** What axe has to say by day and by night; keeps a picture to look at. */
async function faults({ page }: Device, name: string): Promise<string[]> {
  const found: string[] = []
  for (const theme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme: theme })
    await page.screenshot({ path: join(SHOTS, `${name}-${theme}.png`) })
    const { violations } = await new AxeBuilder({ page }).setLegacyMode().withTags(['wcag2a', 'wcag2aa', 'wcag22aa']).analyze()
    found.push(...violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${name}, ${theme}: ${id} ${html}`)))
  }
  return found
}

test('several photos become one entry; one of another animal is set apart with a tap and comes next', async () => {
  const { page } = phone
  await choose(page, 0, 1, 2)
  await page.getByText('All 3 become one entry').waitFor()
  await page.getByRole('button', { name: 'Photo 2 goes with it' }).click()
  await page.getByText('2 photos become this entry, 1 comes next.').waitFor()
  expect(await faults(phone, 'several-phone')).toEqual([])
  await pick(page, 'red fox', 'Vulpes vulpes')
  await keep(page).click()
  await untilKept(page)
  await page.getByRole('button', { name: 'Keep, name it later' }).waitFor()
  expect(await strip(page).count()).toBe(0)
  await pick(page, 'hedgehog', 'Erinaceus europaeus')
  await keep(page).click()
  await plate(page, 'Hedgehog').getByRole('img', { name: 'On the server' }).waitFor()
  await expect.poll(kept).toEqual([[0, 2], [1]])
  await openPlate(page, 'Red fox')
  await page.getByText('Picture 1 of 2').waitFor()
})

test('photos that were chosen are there again after the browser was closed, each where it was put', async () => {
  await phone.offline(true)
  await choose(phone.page, 3, 4, 5)
  await phone.page.getByRole('button', { name: 'Photo 3 goes with it' }).click()
  await phone.page.locator('.safe[aria-busy=false]', { hasText: 'Kept on this device as a draft' }).waitFor()
  await phone.stop()
  await phone.start()
  await phone.offline(true)
  const { page } = phone
  await page.goto('/capture')
  await page.getByText('2 photos become this entry, 1 comes next.').waitFor()
  await page.getByRole('button', { name: 'Keep, name it later' }).click()
  await untilKept(page)
  await expect.poll(() => strip(page).count()).toBe(0)
  // Reloaded before the next one was touched: it waits still.
  await page.reload()
  await page.getByRole('button', { name: 'Keep, name it later' }).click()
  await page.waitForURL((url) => url.pathname === '/')
  await phone.offline(false)
  await expect.poll(kept, { timeout: 40_000 }).toEqual([[0, 2], [1], [3, 4], [5]])
  await page.goto('/capture')
  await page.getByText('What did you meet?').waitFor()
})

test.runIf(EVERYWHERE)('looks right on a desktop', async () => {
  const laptop = await stage.device(server, { size: 'desktop' })
  await signIn(laptop, 'mara')
  await choose(laptop.page, 0, 1, 2, 3, 4, 5)
  await laptop.page.getByText('All 6 become one entry').waitFor()
  await laptop.page.getByRole('button', { name: 'Photo 4 goes with it' }).click()
  expect(await faults(laptop, 'several-desktop')).toEqual([])
})
