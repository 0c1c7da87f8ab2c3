import type { Page } from 'playwright-core'
import { beforeAll, expect, test } from 'vitest'
import type { Device } from './kit/device.ts'
import { Owner } from './kit/owner.ts'
import { plate, signIn } from './kit/person.ts'
import type { Server } from './kit/server.ts'
import { useStage } from './kit/stage.ts'

const ENTRIES = 3_000
const ANIMALS = 300
const stage = useStage()
let server: Server
let laptop: Device
let page: Page
let names: string[]

beforeAll(async () => {
  server = await stage.server()
  const mara = await Owner.signUp(server, 'mara')
  const ben = await Owner.signUp(server, 'ben')
  const rows = server.rows<{ name: string }>(
    "SELECT scientific_name name FROM animals WHERE scientific_name LIKE '% %' ORDER BY scientific_name LIMIT 400",
  )
  names = rows.map(({ name }) => name)
  const [first = '', second = '', ...rest] = names
  // Numbers follow the order of first keeping: Mara has 1, 7, 9 and on; Ben met what lies between.
  await mara.keep(1, () => first)
  await ben.keep(5, (i) => rest.at(-1 - i) ?? '')
  await mara.keep(1, () => second)
  await ben.keep(1, () => rest.at(-6) ?? '')
  await mara.keep(ENTRIES - 2, (i) => rest[i % (ANIMALS - 2)] ?? '')
  laptop = await stage.device(server, { size: 'desktop' })
  page = laptop.page
  await signIn(laptop, 'mara')
  await page.getByText('300 animals met, 3,000 sightings').waitFor({ timeout: 60_000 })
  // 30 pulls and pushes at once and one a second after that are a device's due: 429 would be no fault of the app's.
  laptop.complaints.expectStatus(429)
})

const wall = () => page.getByRole('list', { name: 'Plates' })
const texts = (selector: string): Promise<string[]> => page.locator(selector).allInnerTexts()
const scrollTo = (share: number) =>
  page.evaluate((at) => {
    const scroller = document.querySelector('#content')
    scroller?.scrollTo(0, at * scroller.scrollHeight)
  }, share)
const sortBy = (label: string) => page.getByRole('combobox', { name: 'Order' }).selectOption({ label })
const drawn = () =>
  page.evaluate(() => ({ all: document.querySelectorAll('*').length, plates: document.querySelectorAll('.plate').length }))

test('by number: one plate for each animal with its count, and quiet outlines for what others met', async () => {
  expect((await texts('.plate .no')).slice(0, 3)).toEqual(['No. 0001', 'No. 0007', 'No. 0009'])
  expect((await texts('.gap')).map((text) => text.replaceAll(/\s+/g, ' '))).toEqual([
    'No. 0002 – 0006 five not met yet',
    'No. 0008 not met yet',
  ])
  const times = await texts('.plate .times [aria-hidden]')
  expect(times.slice(0, 3).map((text) => text.replace('\u2009', ' '))).toEqual(['1 ×', '1 ×', '11 ×'])
  expect(await wall().getByRole('listitem').first().getAttribute('aria-setsize')).toBe('302')
})

test('wherever it is scrolled to, only what can be seen is drawn', async () => {
  await sortBy('By date')
  for (const share of [0, 0.2, 0.5, 0.95, 1, 0.01]) {
    await scrollTo(share)
    await expect.poll(async () => (await drawn()).plates).toBeGreaterThan(10)
    const { all, plates } = await drawn()
    expect(plates).toBeLessThan(120)
    expect(all).toBeLessThan(3_000)
  }
  await scrollTo(1)
  const last = page.locator(`[aria-posinset="${ENTRIES}"] .plate`)
  await last.waitFor()
  expect(await last.getAttribute('href')).toMatch(/^\/entry\/[0-9a-f-]{36}$/)
})

test('by name is by name, by date the newest first', async () => {
  await sortBy('By name')
  await scrollTo(0)
  await expect
    .poll(async () => {
      const shown = await texts('.plate .name')
      return shown.length > 10 && shown.every((name, i) => i === 0 || name.localeCompare(shown[i - 1] ?? '', 'en') >= 0)
    })
    .toBe(true)
  await sortBy('By date')
  await scrollTo(0)
  const ids = await page
    .locator('.plate')
    .evaluateAll((plates) => plates.slice(0, 12).map((one) => one.getAttribute('href')?.slice(7)))
  const dates = ids.map(
    (id) => server.rows<{ observed: string }>('SELECT observed FROM entries WHERE id = ?', id ?? '')[0]?.observed,
  )
  expect(dates).toEqual([...dates].sort().reverse())
  await sortBy('By number')
})

test('a search finds by common and scientific name and by number, and leads into the plates', async () => {
  const latin = names[40] ?? ''
  await page.keyboard.press('/')
  await page.keyboard.type(latin)
  await expect.poll(() => texts('.plate .sci')).toEqual([latin])
  await page.keyboard.press('Escape')
  await page.keyboard.type('No. 7')
  await expect.poll(async () => (await texts('.plate .no'))[0]).toBe('No. 0007')
  await page.getByRole('searchbox').fill('zzzz')
  await page.getByText('Nothing by that name').waitFor()
  await page.keyboard.press('Escape')
  await expect.poll(() => texts('.gap')).toHaveLength(2)
})

test('the keyboard goes through the wall, opens an entry beside it, and comes back', async () => {
  await page.keyboard.press('Escape')
  await page.keyboard.press('ArrowDown')
  await expect.poll(() => page.evaluate(() => document.activeElement?.getAttribute('data-index'))).toBe('0')
  await page.keyboard.press('ArrowRight')
  await expect.poll(() => page.evaluate(() => document.activeElement?.textContent)).toMatch(/No\. 0007/)
  await page.keyboard.press('Enter')
  await page.getByRole('region', { name: 'Entry' }).getByText('No. 0007 · sighting 1 of 1').waitFor()
  await plate(page, 'No. 0007').and(page.locator('[aria-current=true]')).waitFor()
  await page.keyboard.press('Escape')
  await page.getByText('Choose a plate to see it here.').waitFor()
  await page.keyboard.press('End')
  await expect.poll(() => page.evaluate(() => document.activeElement?.closest('li')?.getAttribute('aria-posinset'))).toBe('302')
})
