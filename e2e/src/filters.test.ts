import type { Page } from 'playwright-core'
import { beforeAll, expect, test } from 'vitest'
import type { Device } from './kit/device.ts'
import { entriesOf, Owner } from './kit/owner.ts'
import { plate, sheetOn, signIn } from './kit/person.ts'
import type { Server } from './kit/server.ts'
import { useStage } from './kit/stage.ts'

const ENTRIES = 10_000
const ANIMALS = 700
/** The oldest entry's note, and words that only one private note has. */
const LAST_NOTE = 'The very first one'
const SECRET = 'grandmother'
const stage = useStage()
let server: Server
let laptop: Device
let phone: Device

beforeAll(async () => {
  server = await stage.server()
  const mara = await Owner.signUp(server, 'mara')
  const rows = server.rows<{ name: string }>(
    "SELECT scientific_name name FROM animals WHERE scientific_name LIKE '% %' AND scientific_name <> 'Vulpes vulpes' ORDER BY substr(id, 9) LIMIT 700",
  )
  const day = (i: number) => new Date(Date.UTC(2026, 8, 30 - Math.floor(i / 4))).toISOString().slice(0, 10)
  await mara.keep(
    ENTRIES,
    (i) => rows[i % ANIMALS]?.name ?? '',
    (i) => (i === ENTRIES - 1 ? LAST_NOTE : `Kept ${i}`),
    (i) => ({
      observed: { to: { at: i === ENTRIES - 1 ? '1999' : day(i) } },
      ...(i % 103 === 0 ? { favourite: { to: true } } : {}),
      ...(i % 400 === 0 ? { animal: { to: null } } : {}),
      ...(i % 2 === 0 ? { visibility: { to: 'private' } } : {}),
      ...(i === 4321
        ? { privateNote: { to: `Über den Bach, said ${SECRET}` }, place: { to: { lat: 52, lon: 13, name: 'Ålesund' } } }
        : {}),
    }),
  )
  laptop = await stage.device(server, { size: 'desktop' })
  phone = await stage.device(server)
  for (const device of [laptop, phone]) {
    await signIn(device, 'mara')
    await device.page.getByText('10,000 sightings').waitFor({ timeout: 60_000 })
    // 30 pulls and pushes at once and one a second after that are a device's due: 429 would be no fault of the app's.
    device.complaints.expectStatus(429)
  }
})

const shown = (page: Page) => page.locator('.shown')
const saysShown = (page: Page, words: string) => shown(page).getByText(words).waitFor()
const address = (page: Page) => new URL(page.url()).search
const sortBy = (page: Page, label: string) => page.getByRole('combobox', { name: 'Order' }).selectOption({ label })
const countIn = (where: string): number =>
  server.rows<{ n: number }>(`SELECT count(*) n FROM entries WHERE ${where}`)[0]?.n ?? 0
/** A count as the app writes it, in English. */
const written = (count: number) => new Intl.NumberFormat('en-GB').format(count)
const birds = "animal_id IN (SELECT id FROM animals WHERE json_extract(record, '$.ranks.class') = 'Aves')"

/** The plate at the top of what can be seen: its number on the wall, and the entry it opens. */
const topPlate = (page: Page) =>
  page.evaluate(() => {
    const wall = document.querySelector('#content')?.getBoundingClientRect()
    const first = [...document.querySelectorAll('.plate')]
      .map((one) => ({ one, box: one.getBoundingClientRect() }))
      .filter(({ box }) => box.bottom > (wall?.top ?? 0) + 8)
      .sort((a, b) => a.box.top - b.box.top || a.box.left - b.box.left)[0]
    return {
      at: Number(first?.one.closest('li')?.getAttribute('aria-posinset')),
      href: first?.one.getAttribute('href'),
      top: Math.round((first?.box.top ?? 0) - (wall?.top ?? 0)),
    }
  })

const scrollTo = async (page: Page, at: number) => {
  await page.evaluate((share) => {
    const scroller = document.querySelector('#content')
    scroller?.scrollTo(0, share * scroller.scrollHeight)
  }, at / ENTRIES)
  await expect.poll(async () => Math.abs((await topPlate(page)).at - at)).toBeLessThan(60)
}

test('on a desktop choices narrow the wall, say how many, and stand in the address', async () => {
  const { page } = laptop
  await page.getByRole('button', { name: 'Kind' }).click()
  await page.getByRole('group', { name: 'Kind' }).getByText('Birds').click()
  await page.keyboard.press('Escape')
  await saysShown(page, `${written(countIn(birds))} of 10,000 sightings`)
  await page.getByRole('button', { name: 'Year' }).click()
  await page.getByRole('group', { name: 'Year' }).getByText('2025').click()
  await page.keyboard.press('Escape')
  const both = countIn(`${birds} AND json_extract(observed, '$.at') LIKE '2025%'`)
  await saysShown(page, `${written(both)} of 10,000 sightings`)
  await sortBy(page, 'By date')
  await expect.poll(() => address(page)).toBe('?class=aves&year=2025&sort=date')
  await page.locator('.sr[role=status]', { hasText: `${both} sightings found` }).waitFor({ state: 'attached' })
})

test('they survive a reload, going back and forward, and looking at an entry', async () => {
  const { page } = laptop
  await page.reload()
  await shown(page).getByRole('button', { name: 'Without Birds' }).waitFor()
  await page.locator('.plate').nth(3).click()
  await page.getByRole('region', { name: 'Entry' }).getByRole('heading', { level: 1 }).waitFor()
  expect(address(page)).toBe('?class=aves&year=2025&sort=date')
  await page.keyboard.press('Escape')
  await shown(page).getByRole('button', { name: 'Without 2025' }).click()
  await expect.poll(() => address(page)).toBe('?class=aves&sort=date')
  await page.goBack()
  await expect.poll(() => address(page)).toBe('?class=aves&year=2025&sort=date')
  await shown(page).getByRole('button', { name: 'Without 2025' }).waitFor()
  await page.goForward()
  await shown(page).getByRole('button', { name: 'Without 2025' }).waitFor({ state: 'detached' })
  await page.getByRole('link', { name: 'Tray' }).click()
  await page.getByText('Nothing needs you').waitFor()
  await page.getByRole('link', { name: 'Dex' }).click()
  await saysShown(page, `${written(countIn(birds))} of 10,000 sightings`)
  await page.keyboard.press('Escape')
  await expect.poll(() => address(page)).toBe('?sort=date')
  await shown(page).waitFor({ state: 'detached' })
})

test('an address from elsewhere is taken, and what makes no sense in it is ignored', async () => {
  const { page } = laptop
  await page.goto('/?favourite=yes&class=unicorns&year=soon&visibility=friends,everyone&sort=colour')
  await saysShown(page, `${countIn("favourite AND visibility = 'friends'")} of 10,000 sightings`)
  await page.goto('/?animal=none')
  await saysShown(page, `${countIn('animal_id IS NULL')} of 10,000 sightings`)
  await page.goto('/?captive=yes&year=1850')
  await page.getByText('Nothing fits all of that').waitFor()
  await page.getByText('No sighting of this dex fits these filters: 1850, Captive.').waitFor()
  await page.getByRole('button', { name: 'Clear all filters' }).click()
  await plate(page, 'No. 0001').waitFor()
})

test('a search finds notes, private ones too, and places, and no word of it stands in the address', async () => {
  const { page } = laptop
  await page.keyboard.press('/')
  for (const words of [SECRET, 'uber bach', 'alesu', `kept 4321 ${SECRET.slice(0, 5)}`]) {
    await page.getByRole('searchbox').fill(words)
    await saysShown(page, '1 of 10,000 sightings')
  }
  const traces = await page.evaluate(() =>
    JSON.stringify([location.href, history.state, { ...sessionStorage }, { ...localStorage }]),
  )
  expect(traces).not.toContain('kept 4321')
  expect(traces).not.toContain(SECRET.slice(0, 5))
  await page.keyboard.press('Escape')
  await shown(page).waitFor({ state: 'detached' })
  expect(await page.title()).toBe('The dex · BiologiDex')
})

test('by what was changed last: an edit comes to the front at once', async () => {
  const { page } = laptop
  await sortBy(page, 'Oldest first')
  await expect.poll(() => address(page)).toBe('?sort=date&reverse=yes')
  const last = entriesOf(server).find(({ note }) => note === LAST_NOTE)?.id
  await expect.poll(async () => (await topPlate(page)).href).toBe(`/entry/${last}`)
  await page.locator(`.plate[href="/entry/${last}"]`).click()
  await page.getByRole('button', { name: /^Favourite, off/ }).click()
  await sortBy(page, 'Recently changed')
  await expect.poll(async () => (await topPlate(page)).href).toBe(`/entry/${last}`)
  await page.keyboard.press('Escape')
})

test('coming back from an entry, from another screen or after a reload finds the same place, far down', async () => {
  for (const { page } of [laptop, phone]) {
    await page.goto('/?sort=date')
    await page.locator('.plate').first().waitFor()
    await page.getByText(/^Up to date/).waitFor()
    await scrollTo(page, 7_000)
    const before = await topPlate(page)
    const same = (when: string) => expect.poll(() => topPlate(page), { message: when }).toEqual(before)
    await page.locator(`.plate[href="${before.href}"]`).evaluate((one: HTMLElement) => one.click())
    await page.getByRole('article').getByRole('heading', { level: 1 }).waitFor()
    await page.reload()
    await page.getByRole('article').getByRole('heading', { level: 1 }).waitFor()
    await page.getByRole('link', { name: 'Back to the dex' }).click()
    await same('after a reload of the entry')
    await page.getByRole('link', { name: 'Settings' }).click()
    await page.getByRole('heading', { level: 1, name: 'Settings' }).waitFor()
    await page.getByRole('link', { name: 'Dex' }).click()
    await same('after another screen')
    await page.reload()
    await same('after a reload')
    // Shown in another way it begins at its top; going back finds the place.
    await sortBy(page, 'By name')
    await expect.poll(async () => (await topPlate(page)).at).toBe(1)
    await page.goBack()
    await same('after another order')
  }
})

test('a link to an entry shows its plate on the wall', async () => {
  const { page } = laptop
  const last = entriesOf(server).find(({ note }) => note === LAST_NOTE)?.id
  await page.evaluate(() => sessionStorage.clear())
  const tab = await laptop.newTab(`/entry/${last}?sort=date`)
  await tab.locator(`.plate[href="/entry/${last}"][aria-current=true]`).waitFor()
  expect((await topPlate(tab)).at).toBeGreaterThan(9_900)
  await tab.close()
})

test('on a phone the choices are in a sheet with a live count, and going back undoes them together', async () => {
  const { page } = phone
  await page.goto('/')
  await page.getByRole('button', { name: 'Filters' }).tap()
  const sheet = sheetOn(page, 'Filters')
  await sheet.getByText('Birds').tap()
  await sheet.getByRole('button', { name: `Show ${written(countIn(birds))} sightings` }).waitFor()
  await sheet.getByText('Favourites').tap()
  const both = countIn(`${birds} AND favourite`)
  await sheet.getByRole('button', { name: `Show ${both} sightings` }).tap()
  await sheet.waitFor({ state: 'hidden' })
  await saysShown(page, `${both} of 10,000 sightings`)
  await page.getByRole('button', { name: 'Filters, 2 on' }).waitFor()
  await page.goBack()
  await shown(page).waitFor({ state: 'detached' })
})

test('what was just kept comes into sight, is said, and filters make way for it', async () => {
  const { page } = phone
  await page.goto('/?class=aves')
  await saysShown(page, 'of 10,000 sightings')
  await phone.offline(true)
  await page.getByRole('link', { name: 'Capture' }).tap()
  await page.locator('input[type=file][name=library]').setInputFiles((await stage.photos.take({ seed: 5 })).path)
  await page.getByRole('img', { name: 'Your photo' }).waitFor()
  await page.getByRole('searchbox', { name: 'Search for another animal' }).fill('fox')
  await page.getByRole('radio', { name: 'Vulpes vulpes' }).tap()
  await page.getByRole('button', { name: 'Keep Red fox' }).tap()
  const fox = plate(page, 'Red fox')
  await expect
    .poll(() =>
      fox.evaluate((one) => {
        const { top, bottom } = one.getBoundingClientRect()
        return top > 0 && bottom < innerHeight
      }),
    )
    .toBe(true)
  await page.locator('.sr[role=status]', { hasText: 'Red fox is on the wall, plate' }).waitFor({ state: 'attached' })
  await expect.poll(() => address(page)).toBe('')
  await page.getByRole('button', { name: 'Filters' }).tap()
  await sheetOn(page).getByText('Not uploaded yet').tap()
  await page.getByRole('button', { name: 'Show 1 sighting' }).tap()
  await saysShown(page, '1 of 10,001 sightings')
  await phone.offline(false)
  await page.getByText('Nothing fits all of that').waitFor()
})
