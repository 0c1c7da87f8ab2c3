import type { Locator } from 'playwright-core'
import { beforeAll, expect, test } from 'vitest'
import type { Device } from './kit/device.ts'
import { Owner } from './kit/owner.ts'
import { capture, openPlate, PASSWORD, plate, sheetOn, signIn, signUp } from './kit/person.ts'
import type { Server } from './kit/server.ts'
import { useStage } from './kit/stage.ts'

const stage = useStage()
let server: Server
/** Mara looks; Jonas keeps and decides. */
let phone: Device
let desktop: Device
let jonas: Owner

beforeAll(async () => {
  // More people sign up here, from one address, than anywhere in so short a time.
  server = await stage.server({ env: { RATE_SIGN_IN_BURST: '60' } })
  phone = await stage.device(server)
  desktop = await stage.device(server, { size: 'desktop', installs: false })
  await signUp(desktop, 'jonas')
  await signUp(phone, 'mara')
  jonas = await Owner.signIn(server, 'jonas')
})

const codeOf = (name: string): string =>
  server.rows<{ code: string }>('SELECT friend_code code FROM accounts WHERE username = ?', name)[0]?.code ?? ''

/** As people type a code: small letters, in groups. */
const typed = (code: string): string => `${code.slice(0, 3)} - ${code.slice(3)}`.toLowerCase()

const face = ({ page }: Device, name: string) => page.getByRole('link', { name: new RegExp(`^Open ${name}’s dex`) })
const whose = ({ page }: Device) => page.getByRole('heading', { level: 1 }).first()
const path = ({ page }: Device): string => new URL(page.url()).pathname

async function ask({ page }: Device, code: string): Promise<void> {
  await page.goto('/friends')
  await page.getByLabel('Their friend code').fill(code)
  await page.getByRole('button', { name: 'Ask', exact: true }).click()
}

async function accept({ page }: Device, name: string): Promise<void> {
  await page.goto('/friends')
  await page.getByRole('button', { name: `Accept the request of ${name}` }).click()
}

/** On the page of friends: ends a friendship, or blocks. */
async function end({ page }: Device, name: string, how: 'End the friendship' | 'Block'): Promise<void> {
  await page.goto('/friends')
  await page.getByRole('button', { name: `More about ${name}` }).click()
  await page.getByRole('button', { name: how, exact: true }).click()
  await sheetOn(page).getByRole('button', { name: how, exact: true }).click()
}

test('two people become friends by a code, however it is typed', async () => {
  await ask(phone, 'ABCD')
  await phone.page.getByText('A friend code has eight letters and digits').waitFor()
  await ask(phone, typed(codeOf('jonas')))
  await phone.page.getByText('jonas has not answered yet').waitFor()
  await desktop.page.getByText('one person asks to be friends').waitFor()
  await accept(desktop, 'mara')
  await phone.page.getByRole('link', { name: 'jonas', exact: true }).waitFor()
  await phone.page.goto('/')
  await face(phone, 'jonas').waitFor()
})

test('what a friend keeps arrives by itself, and is looked at like one’s own', async () => {
  await capture(desktop.page, await stage.photos.take(), {
    name: 'wren',
    latin: 'Troglodytes troglodytes',
    note: 'Sang from the woodpile.',
  })
  await phone.page.getByRole('link', { name: 'Open jonas’s dex, 1 new' }).click()
  await plate(phone.page, 'Wren').waitFor()
  expect(path(phone)).toBe('/dex/jonas')
  expect(await whose(phone).textContent()).toBe('jonas’s dex')
  await phone.page.getByRole('searchbox', { name: 'Search the dex' }).fill('woodpile')
  await openPlate(phone.page, 'Wren')
  await phone.page.getByText('Sang from the woodpile.').waitFor()
  for (const name of ['Change this entry', 'Favourite, off', 'Change pictures'])
    expect(await phone.page.getByRole('button', { name }).count()).toBe(0)
  await phone.page.getByRole('link', { name: 'To the wall' }).click()
  await phone.page.getByRole('link', { name: 'Back to your dex' }).click()
  await phone.page.getByText('Your dex is empty, for now').waitFor()
  await phone.page.getByRole('link', { name: 'Open jonas’s dex', exact: true }).waitFor()
})

test('without a network a friend’s dex is all there, by its address too', async () => {
  await phone.shellInstalled()
  await phone.page.goto('/dex/jonas')
  await plate(phone.page, 'Wren').locator('img').waitFor()
  await phone.offline(true)
  await phone.page.reload()
  await openPlate(phone.page, 'Wren')
  await phone.page.getByRole('img', { name: 'Wren' }).waitFor()
  await phone.page.getByRole('link', { name: 'To the wall' }).click()
  await phone.page.getByRole('link', { name: 'Back to your dex' }).click()
  await face(phone, 'jonas').click()
  await plate(phone.page, 'Wren').waitFor()
  await phone.offline(false)
  await phone.page.goto('/')
  await phone.page.getByRole('link', { name: 'Open jonas’s dex', exact: true }).waitFor()
})

test('the page of friends says how much is in a dex, and syncs all', async () => {
  await phone.page.goto('/friends')
  await phone.page.getByText(/^1 entry, latest /).waitFor()
  await phone.page.getByRole('button', { name: 'Sync for all' }).click()
  await phone.page.getByText('Everything is up to date').waitFor()
})

test('an entry made private leaves the friend’s screen at once', async () => {
  await phone.page.goto('/dex/jonas')
  await openPlate(phone.page, 'Wren')
  await desktop.page.goto('/')
  await desktop.page.getByRole('button', { name: 'Choose several' }).waitFor({ state: 'detached' })
  await openPlate(desktop.page, 'Wren')
  await desktop.page.getByRole('button', { name: 'Change this entry' }).click()
  const sheet = sheetOn(desktop.page, 'Change this entry')
  await sheet.getByLabel('Who sees it').selectOption('private')
  await sheet.getByRole('button', { name: 'Save', exact: true }).click()
  await phone.page.getByText('This entry is not here').waitFor()
  expect(await phone.page.getByText('woodpile').count()).toBe(0)
})

test('who sees many entries is changed at once, and taken back', async () => {
  await capture(desktop.page, await stage.photos.take({ width: 500 }), { name: 'robin', latin: 'Erithacus rubecula' })
  await capture(desktop.page, await stage.photos.take({ width: 520 }), { name: 'magpie', latin: 'Pica pica' })
  await phone.page.goto('/dex/jonas')
  await plate(phone.page, 'Eurasian magpie').waitFor()
  await desktop.page.goto('/')
  await desktop.page.getByRole('button', { name: 'Choose several' }).click()
  await desktop.page.getByRole('checkbox', { name: /magpie/ }).press(' ')
  await desktop.page.getByText('1 sighting chosen').waitFor()
  await desktop.page.getByRole('button', { name: 'All shown' }).click()
  await desktop.page.getByText('3 sightings chosen').waitFor()
  await desktop.page.getByRole('button', { name: 'Only me' }).click()
  await phone.page.getByText('Nothing here yet').waitFor()
  await desktop.page.getByRole('button', { name: 'Undo' }).click()
  await plate(phone.page, 'Eurasian magpie').waitFor()
  expect(await plate(phone.page, 'Wren').count()).toBe(0)
})

test('a friendship that ends leads the one who looks back to their own dex', async () => {
  await phone.page.goto('/dex/jonas')
  await openPlate(phone.page, 'Eurasian magpie')
  await end(desktop, 'mara', 'End the friendship')
  await phone.page.getByText('You can no longer see jonas’s dex.').waitFor()
  await phone.page.getByText('Your dex is empty, for now').waitFor()
  expect(path(phone)).toBe('/')
  expect(await face(phone, 'jonas').count()).toBe(0)
})

test('a stranger shows what is for everyone, and can be asked', async () => {
  const magpie = server.rows<{ id: string }>(
    "SELECT e.id FROM entries e JOIN animals a ON a.id = e.animal_id WHERE a.scientific_name = 'Pica pica'",
  )[0]?.id
  await jonas.change({ type: 'entry', id: magpie, op: 'update', set: { visibility: { was: 'friends', to: 'public' } } })
  await phone.page.goto('/friends')
  await phone.page.getByLabel('Their friend code').fill(codeOf('jonas'))
  await phone.page.getByRole('button', { name: 'Look at their dex first' }).click()
  await phone.page.getByText('You are not friends. You see what jonas shows to everyone.').waitFor()
  await plate(phone.page, 'Eurasian magpie').waitFor()
  expect(await plate(phone.page, 'European robin').count()).toBe(0)
  await openPlate(phone.page, 'Eurasian magpie')
  await phone.page.getByRole('link', { name: 'To the wall' }).click()
  await phone.page.getByRole('button', { name: 'Ask to be friends' }).click()
  await phone.page.getByText('You asked jonas to be friends. Until they accept').waitFor()
  await accept(desktop, 'mara')
  await plate(phone.page, 'European robin').waitFor()
})

test('whoever is blocked sees nobody there', async () => {
  phone.complaints.expectStatus(404)
  await end(desktop, 'mara', 'Block')
  await phone.page.getByText('You can no longer see jonas’s dex.').waitFor()
  await phone.page.goto('/dex/jonas')
  await phone.page.getByText('Nobody here by that name').waitFor()
  await desktop.page.getByRole('button', { name: 'Unblock mara' }).click()
  await desktop.page.getByRole('button', { name: 'Unblock mara' }).waitFor({ state: 'detached' })
})

test('whoever asks, was asked or is a stranger can be blocked as friends can, without a network too', async () => {
  const [rosa, timo, udo] = [
    await Owner.signUp(server, 'rosa'),
    await Owner.signUp(server, 'timo'),
    await Owner.signUp(server, 'udo'),
  ]
  const mara = await Owner.signIn(server, 'mara')
  await rosa.ask(mara.account)
  await mara.ask(timo.account)
  const { page } = phone
  await phone.shellInstalled()
  await page.goto('/friends')
  await page.getByText('rosa asks to see your dex').waitFor()
  await page.getByText('timo has not answered yet').waitFor()
  await page.goto('/dex/udo')
  await page.getByText('You are not friends').waitFor()
  await phone.offline(true)
  await page.getByRole('button', { name: 'Block udo' }).click()
  await sheetOn(page, 'Block udo?').getByRole('button', { name: 'Block', exact: true }).click()
  await page.getByText('udo is blocked.').waitFor()
  await expect.poll(() => path(phone)).toBe('/')
  for (const name of ['rosa', 'timo']) {
    await end(phone, name, 'Block')
    await page.getByRole('button', { name: `Unblock ${name}` }).waitFor()
    expect(await page.getByRole('button', { name: `More about ${name}` }).count()).toBe(0)
  }
  await page.getByText('Somebody, named with the next sync').waitFor()
  await phone.offline(false)
  await page.getByRole('button', { name: 'Unblock udo' }).waitFor()
  const blocked = () => server.rows<{ id: string }>('SELECT other_id id FROM blocks WHERE account_id = ?', mara.account)
  expect(new Set(blocked().map(({ id }) => id))).toEqual(new Set([rosa.account, timo.account, udo.account]))
  for (const name of ['rosa', 'timo', 'udo']) {
    await page.getByRole('button', { name: `Unblock ${name}` }).click()
    await page.getByRole('button', { name: `Unblock ${name}` }).waitFor({ state: 'detached' })
  }
  await expect.poll(blocked).toEqual([])
})

test('the link to one’s own profile is copied and shared, and leads whoever follows it there', async () => {
  const { page } = desktop
  await desktop.context.grantPermissions(['clipboard-read', 'clipboard-write'])
  await page.goto('/friends')
  await page.getByRole('button', { name: 'Copy the link' }).click()
  await page.getByText('The link to your profile is copied.').waitFor()
  const link = await page.evaluate(() => navigator.clipboard.readText())
  expect(link).toBe(`${server.origin}/dex/jonas`)
  await page.evaluate(() => {
    Object.assign(navigator, { share: async (shared: { url: string }) => Object.assign(window, { shared: shared.url }) })
  })
  await page.getByRole('link', { name: 'Settings' }).click()
  await page.getByText('Signed in as').waitFor()
  await page.getByRole('link', { name: 'Friends', exact: true }).click()
  await page.getByRole('button', { name: 'Share it' }).click()
  expect(await page.evaluate(() => (window as unknown as { shared: string }).shared)).toBe(link)
  await Owner.signUp(server, 'nele')
  const tablet = await stage.device(server, { installs: false })
  await signIn(tablet, 'nele')
  await tablet.page.goto(link)
  await tablet.page.getByRole('heading', { level: 1, name: 'jonas’s dex' }).waitFor()
  await tablet.page.getByRole('button', { name: 'Ask to be friends' }).waitFor()
  await tablet.discard()
})

test('a code from a link is still there after the sign-in', async () => {
  const tablet = await stage.device(server, { installs: false })
  await tablet.page.goto(`/friends?code=${codeOf('jonas')}`)
  await tablet.page.getByLabel('User name').fill('mara')
  await tablet.page.getByLabel('Password', { exact: true }).fill(PASSWORD)
  await tablet.page.getByRole('button', { name: 'Sign in', exact: true }).click()
  await tablet.page.getByRole('heading', { level: 1, name: 'Friends' }).waitFor()
  expect(await tablet.page.getByLabel('Their friend code').inputValue()).toBe(codeOf('jonas'))
  await tablet.discard()
})

test('somebody asked without a network is asked when it is back, unless that was taken back', async () => {
  const ayla = await Owner.signUp(server, 'ayla')
  const jan = await Owner.signUp(server, 'jan')
  await phone.page.goto('/friends')
  await phone.offline(true)
  for (const name of ['jan', 'ayla']) {
    await phone.page.getByLabel('Their friend code').fill(typed(codeOf(name)))
    await phone.page.getByRole('button', { name: 'Ask', exact: true }).click()
  }
  const waits = phone.page.getByText('Goes up as soon as there is a connection')
  await expect.poll(() => waits.count()).toBe(2)
  const spaced = `${codeOf('jan').slice(0, 4)} ${codeOf('jan').slice(4)}`
  await phone.page.getByRole('button', { name: `Withdraw the request to ${spaced}` }).click()
  await expect.poll(() => waits.count()).toBe(1)
  await phone.offline(false)
  await phone.page.getByText('ayla has not answered yet').waitFor()
  await phone.page.getByRole('button', { name: 'Withdraw the request to ayla' }).click()
  await phone.page.getByText('ayla has not answered yet').waitFor({ state: 'detached' })
  await expect.poll(() => server.rows('SELECT * FROM friendships WHERE account_id = ?', ayla.account)).toEqual([])
  expect(server.rows('SELECT * FROM friendships WHERE account_id = ?', jan.account)).toEqual([])
})

test('a code that is typed while somebody else is being asked stays', async () => {
  const field = phone.page.getByLabel('Their friend code')
  await phone.page.goto('/friends')
  await field.fill(codeOf('jan'))
  server.pause()
  try {
    await phone.page.getByRole('button', { name: 'Ask', exact: true }).click()
    await field.fill(codeOf('ayla'))
  } finally {
    server.resume()
  }
  await phone.page.getByText('jan has not answered yet').waitFor()
  expect(await field.inputValue()).toBe(codeOf('ayla'))
  await phone.page.getByRole('button', { name: 'Withdraw the request to jan' }).click()
  await phone.page.getByText('jan has not answered yet').waitFor({ state: 'detached' })
})

test('a child’s account shows nothing to everyone, and its guardian says yes to a friend', async () => {
  await desktop.page.goto('/settings')
  await desktop.page.getByRole('button', { name: 'Make an account for a child' }).click()
  const form = desktop.page.locator('form', { has: desktop.page.getByRole('button', { name: 'Make an account for a child' }) })
  await form.getByLabel('User name').fill('kim')
  await form.getByLabel('Password', { exact: true }).fill(PASSWORD)
  await form.getByRole('button', { name: 'Make an account for a child' }).click()
  await desktop.page.getByText('The account kim is there').waitFor()
  const tablet = await stage.device(server, { installs: false })
  await signIn(tablet, 'kim')
  await tablet.page.goto('/settings')
  await tablet.page.getByText('A guardian looks after your account').waitFor()
  expect(await tablet.page.getByLabel('Who sees what you keep').locator('option').allTextContents()).toEqual([
    'Only you',
    'Friends',
  ])
  await ask(tablet, codeOf('mara'))
  await tablet.page.getByRole('heading', { name: 'Waiting for your guardian' }).waitFor()
  await desktop.page.goto('/friends')
  await desktop.page.getByRole('button', { name: 'Allow kim to be friends with mara' }).click()
  await tablet.page.getByText('mara has not answered yet').waitFor()
  await accept(phone, 'kim')
  await tablet.page.getByRole('link', { name: 'mara', exact: true }).waitFor()
  await tablet.discard()
})

/** Moves a row sideways, as a thumb does. */
async function swipe(device: Device, row: Locator, by: number): Promise<void> {
  const at = await row.boundingBox()
  if (!at) throw new Error('the row is not on screen')
  const cdp = await device.context.newCDPSession(device.page)
  const [from, y] = [at.x + at.width - 20, at.y + at.height / 2]
  await cdp.send('Input.dispatchTouchEvent', { type: 'touchStart', touchPoints: [{ x: from, y }] })
  for (let way = 0; way <= by; way += 10)
    await cdp.send('Input.dispatchTouchEvent', { type: 'touchMove', touchPoints: [{ x: from - way, y }] })
  await cdp.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] })
  await cdp.detach()
}

test('with five friends each dex is one touch away on a phone, from one’s own and from a friend’s', async () => {
  const small = await stage.device(server, { installs: false })
  await signUp(small, 'lou')
  const lou = await Owner.signIn(server, 'lou')
  const names = ['ada', 'bea', 'cid', 'dot', 'eli']
  for (const name of names) {
    const friend = await Owner.signUp(server, name)
    await friend.ask(lou.account)
    await lou.ask(friend.account)
  }
  const { page } = small
  const row = page.getByRole('navigation', { name: 'Look into another dex' })
  const inSight = async (link: string | Locator) => {
    const one = await (typeof link === 'string' ? face(small, link) : link).boundingBox()
    const whole = await row.boundingBox()
    return one && whole && one.width >= 44 && one.height >= 44 && one.x >= whole.x && one.x + one.width <= whole.x + whole.width
  }
  await page.goto('/')
  await expect.poll(() => row.getByRole('link').count()).toBe(5)
  for (const name of ['ada', 'bea', 'cid']) expect(await inSight(name)).toBe(true)
  expect(await inSight('eli')).toBe(false)
  await swipe(small, row, 160)
  await expect.poll(() => inSight('eli')).toBe(true)
  await face(small, 'eli').tap()
  await expect.poll(() => path(small)).toBe('/dex/eli')
  await page.locator('.app[data-tint]').waitFor()
  for (const name of ['ada', 'bea']) await expect.poll(() => inSight(name)).toBe(true)
  await face(small, 'ada').tap()
  await expect.poll(() => path(small)).toBe('/dex/ada')
  await row.getByRole('link', { name: 'Back to your dex' }).tap()
  await expect.poll(() => path(small)).toBe('/')

  await face(small, 'ada').focus()
  for (let i = 1; i <= 5; i += 1) await page.keyboard.press('Tab')
  const all = row.getByRole('button', { name: 'All dexes' })
  await expect.poll(() => all.evaluate((button) => button === document.activeElement)).toBe(true)
  await page.keyboard.press('Enter')
  await sheetOn(page, 'All dexes').getByRole('link', { name: 'bea' }).tap()
  await expect.poll(() => path(small)).toBe('/dex/bea')

  await page.setViewportSize({ width: 320, height: 640 })
  await page.goto('/')
  for (const at of [0, 1]) await expect.poll(() => inSight(row.getByRole('link').nth(at))).toBe(true)
  const beyond = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
  expect(beyond).toBe(0)
  await small.discard()
})
