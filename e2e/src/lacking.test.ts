import type { Page } from 'playwright-core'
import { beforeAll, expect, test } from 'vitest'
import type { Device } from './kit/device.ts'
import { capture, plate, signUp } from './kit/person.ts'
import type { Server } from './kit/server.ts'
import { useStage } from './kit/stage.ts'

/** A page whose parts were not all fetched while there was a network, where no service worker has installed the app. */
const stage = useStage()
let server: Server
let laptop: Device

beforeAll(async () => {
  server = await stage.server()
  laptop = await stage.device(server, { size: 'desktop' })
  // Where a service worker is refused, the app is fetched piece by piece.
  await laptop.page.addInitScript(() => {
    navigator.serviceWorker.register = () => Promise.reject(new Error('refused'))
  })
  laptop.complaints.expectNoAnswer()
  await signUp(laptop, 'mara')
  await capture(laptop.page, await stage.photos.take(), { name: 'wren', latin: 'Troglodytes troglodytes' })
})

const LACKING = 'This part is not on this device yet'

/** Keeps the files of a part from being fetched, as a network that goes does, until it is called. */
async function without(page: Page, part: string): Promise<() => Promise<void>> {
  const files = new RegExp(`/assets/${part}[^/]*$`)
  await page.route(files, (route) => route.abort('internetdisconnected'))
  return () => page.unroute(files)
}

test('says calmly what is not here yet, leaves the rest of the screen alone, and opens by itself when the network is back', async () => {
  const { page } = laptop
  laptop.complaints.expectNoAnswer()
  const back = await without(page, 'entry(?:\\.page|-[^/]*\\.css)')
  await page.goto('/')
  await page.getByRole('searchbox').fill('wre')
  await laptop.offline(true)
  await plate(page, 'Wren').click()
  const beside = page.getByRole('region', { name: 'Entry' })
  await beside.getByText(LACKING).waitFor()
  await beside.getByText('There is no network now').waitFor()
  await back()
  await laptop.offline(false)
  await page.getByRole('heading', { level: 1, name: 'Wren' }).waitFor()
  expect(await page.getByRole('searchbox').inputValue()).toBe('wre')
  // The part's own style is there too, though it failed at first.
  expect(await page.locator('.entry-hero').evaluate((box) => getComputedStyle(box).position)).toBe('relative')
})

test('Try again opens a screen that the server did not give, or loads the page anew where its file is gone', async () => {
  const { page } = laptop
  const back = await without(page, 'friends\\.page')
  await page.getByRole('link', { name: 'Friends' }).click()
  await page.getByRole('heading', { level: 1, name: LACKING }).waitFor()
  await page.getByText('The server does not answer just now').waitFor()
  const loaded = page.waitForEvent('load')
  await page.getByRole('button', { name: 'Try again' }).click()
  await loaded
  await page.getByRole('heading', { level: 1, name: LACKING }).waitFor()
  await back()
  await page.getByRole('button', { name: 'Try again' }).click()
  await page.getByRole('heading', { level: 1, name: 'Friends' }).waitFor()
})

test('a dex whose engine cannot be fetched goes on opening, and opens when it can be', async () => {
  const { page } = laptop
  const back = await without(page, 'open-engine')
  const refused = page.waitForEvent('requestfailed', (request) => request.url().includes('/assets/open-engine'))
  await page.goto('/')
  await refused
  await page.getByText('Opening…').first().waitFor()
  await back()
  await page.evaluate(() => dispatchEvent(new Event('online')))
  await page.getByText(/^Up to date/).waitFor()
})
