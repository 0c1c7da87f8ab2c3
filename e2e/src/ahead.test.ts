import { setTimeout } from 'node:timers/promises'
import type { SessionView } from '@biologidex/core/accounts/account'
import { PictureClient } from '@biologidex/test-kit/picture-client'
import { photograph } from '@biologidex/test-kit/pictures'
import type { Page } from 'playwright-core'
import { beforeAll, expect, test } from 'vitest'
import type { Device } from './kit/device.ts'
import { imagesOf, Owner } from './kit/owner.ts'
import { signIn } from './kit/person.ts'
import type { Server } from './kit/server.ts'
import { useStage } from './kit/stage.ts'

/** Pictures that are fetched before anybody scrolls or goes to them, and where none are. */
const OWN = 40
const FRIENDS = 20
/** Of a wall as wide as a phone. */
const COLUMNS = 2
/** Longer than a wall rests before more of it is fetched. */
const REST = 1_000
const stage = useStage()
let server: Server
let phone: Device
let mara: Owner
let jonas: Owner
/** What the phone had of Mara's pictures before anything was fetched ahead, by entry. */
let sparing: readonly string[]

beforeAll(async () => {
  server = await stage.server({ env: { RATE_PUSH_BURST: '500' } })
  mara = await Owner.signUp(server, 'mara')
  jonas = await Owner.signUp(server, 'jonas')
  await mara.ask(jonas.account)
  await jonas.ask(mara.account)
  await keepPictures(mara, 0, OWN)
  phone = await stage.device(server)
}, 120_000)

/** Ids of somebody's entries by the numbers of their animals. By date they lie the other way round. */
const byNumber = (owner: Owner): string[] =>
  server
    .rows<{ id: string }>(
      'SELECT e.id FROM entries e JOIN animals a ON a.id = e.animal_id WHERE e.owner_id = ? ORDER BY a.number',
      owner.account,
    )
    .map(({ id }) => id)

/** Keeps animals nobody has kept before, a year between them, each with a picture of its own, and waits until the server has made these. */
async function keepPictures(owner: Owner, first: number, count: number): Promise<void> {
  const animals = server.rows<{ name: string }>(
    `SELECT scientific_name name FROM animals WHERE scientific_name LIKE '% %' ORDER BY scientific_name LIMIT ${count} OFFSET ${first}`,
  )
  await owner.keep(
    count,
    (at) => animals[at]?.name ?? '',
    () => '',
    (at) => ({ observed: { to: { at: String(1950 + at) } } }),
  )
  const session = { account: { id: owner.account }, token: owner.token } as SessionView
  const client = new PictureClient(`http://127.0.0.1:${server.port}`, session)
  for (const [at, entry] of byNumber(owner).entries()) {
    const bytes = await photograph({ width: 64, height: 64, seed: 1 + first + at })
    const { status } = await client.upload(await client.announce(bytes, { entry }))
    if (status >= 300) throw new Error(`a picture was answered ${status}`)
  }
  while (imagesOf(server).some(({ state }) => state !== 'ready')) await setTimeout(50)
}

/** Has a tab say how it is connected; answers which pictures of somebody's wall it asks the server for, by their entries. */
async function connect(page: Page, connection: { readonly saveData: boolean; readonly effectiveType: string }) {
  await page.setViewportSize({ width: 390, height: 560 })
  await page.addInitScript((said) => Object.defineProperty(navigator, 'connection', { value: said }), connection)
  const asked: { dex: string; entry: string }[] = []
  page.on('request', (request) => {
    const [, dex = '', entry = ''] = /\/dex\/([^/]+)\/entries\/([^/]+)\/images\/[^/]+\/wall$/.exec(request.url()) ?? []
    if (dex) asked.push({ dex, entry })
  })
  return ({ account }: Owner) => asked.filter(({ dex }) => dex === account).map(({ entry }) => entry)
}

/** How many plates are drawn, how many of them can be seen, and how many have their pictures. */
const plates = (page: Page) =>
  page.evaluate(() => {
    const wall = document.querySelector('#content')?.getBoundingClientRect() ?? new DOMRect()
    const drawn = [...document.querySelectorAll('.plate')]
    const seen = drawn.filter((one) => {
      const { top, bottom } = one.getBoundingClientRect()
      return bottom > wall.top && top < wall.bottom
    })
    const isShown = (one: Element) => (one.querySelector('img')?.naturalWidth ?? 0) > 0
    return {
      drawn: drawn.length,
      seen: seen.length,
      pictured: drawn.filter(isShown).length,
      inSight: seen.length > 0 && seen.every(isShown),
    }
  })

const picturesInSight = (page: Page) => expect.poll(async () => (await plates(page)).inSight).toBe(true)

const sortBy = (page: Page, label: string) => page.getByRole('combobox', { name: 'Order' }).selectOption({ label })

/** Waits until everything drawn has its picture and the wall has rested. */
async function settled(page: Page): Promise<{ drawn: number; seen: number }> {
  const isWhole = ({ drawn, seen, pictured }: Awaited<ReturnType<typeof plates>>) => drawn > seen && pictured === drawn
  await expect.poll(async () => isWhole(await plates(page))).toBe(true)
  await page.waitForTimeout(REST)
  return plates(page)
}

/** What somebody's wall shows is fetched from its beginning on, as far as `least`, and not much further. */
function isBeginning(fetched: readonly string[], wall: readonly string[], least: number): void {
  const far = Math.max(...fetched.map((entry) => wall.indexOf(entry)))
  expect(wall.slice(0, least).filter((entry) => !fetched.includes(entry))).toEqual([])
  // A row more while the head of the page was lower, and for each of two screens that a row may be cut by its edge.
  expect(far).toBeLessThan(least + 3 * COLUMNS)
}

test('who saves data gets the pictures of plates that are drawn, and no other', async () => {
  const { page } = phone
  const asked = await connect(page, { saveData: true, effectiveType: '4g' })
  await signIn(phone, 'mara')
  await phone.shellInstalled()
  const { drawn, seen } = await settled(page)
  expect(2 * seen).toBeGreaterThan(3 * COLUMNS)
  isBeginning(asked(mara), byNumber(mara), drawn)
  await sortBy(page, 'By date')
  await settled(page)
  sparing = asked(mara)
  // Looked at while there is nothing in it: what comes of it later is not on the device.
  await page.getByRole('link', { name: /^Open jonas’s dex/ }).click()
  await page.getByText('Nothing here yet').waitFor()
  await page.getByRole('link', { name: 'Back to your dex' }).click()
  await keepPictures(jonas, OWN, FRIENDS)
  await page.getByRole('link', { name: `Open jonas’s dex, ${FRIENDS} new` }).waitFor()
})

test('else the next two screens of the wall are fetched, and the first two of the friend looked at last; on 3g none', async () => {
  const tabs = [await phone.context.newPage(), await phone.context.newPage(), await phone.context.newPage()] as const
  const [, , page] = tabs
  const saving = await connect(tabs[0], { saveData: true, effectiveType: '4g' })
  const slow = await connect(tabs[1], { saveData: false, effectiveType: '3g' })
  const fast = await connect(page, { saveData: false, effectiveType: '4g' })
  // In this order: by the time the last one has fetched what is ahead, the others would have too.
  for (const tab of tabs) {
    await tab.goto('/')
    await tab.locator('.plate').first().waitFor()
  }
  const { drawn, seen } = await settled(page)
  await expect.poll(() => fast(jonas).length, { timeout: 20_000 }).toBeGreaterThanOrEqual(2 * seen)
  await page.waitForTimeout(REST)
  isBeginning(fast(jonas), byNumber(jonas).toReversed(), 2 * seen)
  const byDate = byNumber(mara).toReversed()
  // By number the first ones are the last by date: they are here, and nobody asks for them again.
  isBeginning([...sparing.filter((entry) => byDate.indexOf(entry) < OWN / 2), ...fast(mara)], byDate, drawn + 2 * seen)
  for (const asked of [saving, slow]) expect([...asked(mara), ...asked(jonas)]).toEqual([])

  const before = fast(mara).length
  await sortBy(page, 'By number')
  const now = await settled(page)
  await expect.poll(() => fast(mara).length - before).toBeGreaterThanOrEqual(now.seen)
  await page.waitForTimeout(REST)
  const ahead = [...sparing.filter((entry) => byDate.indexOf(entry) >= OWN / 2), ...fast(mara).slice(before)]
  isBeginning(ahead, byNumber(mara), now.drawn + 2 * now.seen)

  await phone.offline(true)
  await page.locator('#content').evaluate((wall) => wall.scrollBy(0, 2 * wall.clientHeight))
  await picturesInSight(page)
  await page.getByRole('link', { name: /^Open jonas’s dex/ }).click()
  await page.getByRole('heading', { name: 'jonas’s dex' }).waitFor()
  await picturesInSight(page)
  await page.locator('#content').evaluate((wall) => wall.scrollBy(0, wall.clientHeight))
  await picturesInSight(page)
})

/** Scrolls down by a row; answers for each plate that comes whether it had its picture in the moment it came. */
const scrolledByRow = (page: Page) =>
  page.evaluate(async () => {
    const had: boolean[] = []
    const observer = new MutationObserver((changes) => {
      for (const { addedNodes } of changes)
        for (const node of addedNodes) {
          const image = node instanceof HTMLElement && node.matches('.wall > li') ? node.querySelector('img') : null
          if (image) had.push(image.hasAttribute('src'))
        }
    })
    observer.observe(document.querySelector('.wall') as HTMLElement, { childList: true })
    document.querySelector('#content')?.scrollBy(0, document.querySelector<HTMLElement>('.wall > li')?.offsetHeight ?? 0)
    await new Promise((resolve) => window.setTimeout(resolve, 500))
    observer.disconnect()
    return had
  })

test('a plate that comes into a wall at rest has its picture at hand, where that lies on the device', async () => {
  const page = await phone.context.newPage()
  const asked = await connect(page, { saveData: true, effectiveType: '4g' })
  await phone.offline(false)
  await page.goto('/?sort=date')
  await page.locator('.plate').first().waitFor()
  await settled(page)
  expect(await scrolledByRow(page)).toEqual([true, true])
  expect(asked(mara)).toEqual([])
})
