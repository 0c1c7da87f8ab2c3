import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { AxeBuilder } from '@axe-core/playwright'
import { v2Files } from '@biologidex/test-kit/old-client'
import { zipOf } from '@biologidex/test-kit/zips'
import type { Page } from 'playwright-core'
import { beforeAll, expect, test } from 'vitest'
import type { Device } from './kit/device.ts'
import { EVERYWHERE } from './kit/long.ts'
import { entriesOf, Owner } from './kit/owner.ts'
import { capture, choosePicture, openPlate, pick, plate, sheetOn, signIn, signUp, writeNote } from './kit/person.ts'
import type { PhotoFile } from './kit/photos.ts'
import { paint, SCENES } from './kit/scenes.ts'
import type { Server } from './kit/server.ts'
import { useStage } from './kit/stage.ts'

/** Every main screen on a phone and a desktop, by day and by night: looked at by axe and, with SHOTS=1, kept as a picture to look at. */
const SHOTS = join(import.meta.dirname, '../../.cache/shots')
const RULES = ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa']
const stage = useStage({ installs: false })
let server: Server
let phone: Device
let laptop: Device
let photos: PhotoFile[]

beforeAll(async () => {
  await mkdir(SHOTS, { recursive: true })
  server = await stage.server()
  phone = await stage.device(server)
  laptop = await stage.device(server, { size: 'desktop' })
  const painted = SCENES.slice(0, EVERYWHERE ? 6 : 3).map((scene, i) => paint(scene, `2026:05:1${i} 07:10:00`))
  photos = await Promise.all(painted.map(async (bytes, i) => stage.photos.file(`${i}.jpg`, await bytes)))
})

/** What axe has to say against a page in one theme. */
async function faults(page: Page, name: string, theme: 'light' | 'dark'): Promise<string[]> {
  await page.emulateMedia({ colorScheme: theme })
  if (process.env.SHOTS) await page.screenshot({ path: join(SHOTS, `${name}-${theme}.png`) })
  // Of all rules only those of colour can turn out otherwise by night.
  const axe = new AxeBuilder({ page }).setLegacyMode().options({ resultTypes: ['violations'] })
  const { violations } = await (theme === 'light' ? axe.withTags(RULES) : axe.withRules('color-contrast')).analyze()
  return violations.flatMap(({ id, help, nodes }) => nodes.map(({ html }) => `${name}, ${theme}: ${id} (${help}) ${html}`))
}

/**
 * Looks at what is shown. `wide`: on the desktop too, where a screen is laid out otherwise than on a phone. `night`: with the colours of the
 * night too, which are the same ones on both, where others stand on each other than on the screens before. The long test looks at all of
 * them in every way.
 */
async function look(name: string, { night = false, wide = false } = {}): Promise<void> {
  const found = [
    ...(await faults(phone.page, `${name}-phone`, 'light')),
    ...(wide || EVERYWHERE ? await faults(laptop.page, `${name}-desktop`, 'light') : []),
    ...(night || EVERYWHERE ? await faults(phone.page, `${name}-phone`, 'dark') : []),
  ]
  await phone.page.emulateMedia({ colorScheme: 'light' })
  expect(found).toEqual([])
}

/** Brings both devices to the same place. */
async function both(step: (page: Page) => Promise<unknown>): Promise<void> {
  for (const { page } of [phone, laptop]) await step(page)
}

test('a reset link, whole and not', async () => {
  await both((page) => page.goto('/reset'))
  await both((page) => page.getByText('This link is not whole').waitFor())
  await look('reset-broken')
  await both((page) => page.goto('/'))
  await both((page) => page.goto('/reset#secret'))
  await both((page) => page.getByText('Choose a new password').waitFor())
  await look('reset')
})

test('signing up', async () => {
  await both((page) => page.goto('/'))
  await both((page) => page.getByText('You are the first here').waitFor())
  await both((page) => page.getByRole('button', { name: 'Make the account' }).click())
  await look('sign-up', { night: true })
})

test('an empty wall', async () => {
  await signUp(phone, 'mara')
  await signIn(laptop, 'mara')
  await both((page) => page.getByText('Your dex is empty, for now').waitFor())
  await look('wall-empty')
})

test('capture, before and with a photo', async () => {
  await both((page) => page.goto('/capture'))
  await both((page) => page.getByText('What did you meet?').waitFor())
  await look('capture-start')
  const [photo] = photos
  await both((page) => choosePicture(page, photo?.path ?? ''))
  await both((page) => page.getByRole('img', { name: 'Your photo' }).waitFor())
  await both((page) => pick(page, 'hedgehog', 'Erinaceus europaeus'))
  await look('capture', { night: true })
})

test('the wall', async () => {
  for (const [i, photo] of photos.entries()) {
    const latin = SCENES[i]?.latin ?? ''
    await capture(phone.page, photo, i < photos.length - 1 ? { name: latin, latin, note: 'By the pond.' } : undefined)
  }
  const last = `No. 000${photos.length - 1}`
  for (const { page } of [phone, laptop]) {
    await page.goto('/')
    await plate(page, last).getByRole('img', { name: 'On the server' }).waitFor()
    await page.locator('.toast').first().waitFor({ state: 'detached' })
  }
  await look('wall', { night: true, wide: true })
})

test('a wall that is narrowed, and what it can be narrowed by', async () => {
  await both((page) => page.goto('/?class=mammalia&animal=none'))
  await both((page) => page.getByText('Nothing fits all of that').waitFor())
  await look('wall-nothing')
  await both((page) => page.goto('/?class=mammalia,aves&visibility=friends'))
  await both((page) => page.getByRole('button', { name: 'Without Mammals' }).waitFor())
  await look('wall-filtered')
  await phone.page.getByRole('button', { name: 'Filters, 3 on' }).click()
  await sheetOn(phone.page, 'Filters').waitFor()
  await laptop.page.getByRole('button', { name: 'Kind: Birds +1' }).click()
  await laptop.page.getByRole('group', { name: 'Kind' }).getByText('Mammals').waitFor()
  await look('filters')
  await phone.page.getByRole('button', { name: 'Clear' }).last().click()
  await both((page) => page.goto('/'))
})

test('an entry, and changing it', async () => {
  await both((page) => openPlate(page, 'Red fox'))
  await both((page) => page.getByText('On the server', { exact: true }).last().waitFor())
  await look('entry', { night: true, wide: true })
  await both((page) => page.getByRole('button', { name: 'Change this entry' }).click())
  await both((page) => sheetOn(page, 'Change this entry').waitFor())
  await look('entry-edit')
  await both((page) => page.keyboard.press('Escape'))
})

test('the tray, with a clash and without', async () => {
  for (const device of [phone, laptop]) await device.offline(true)
  await writeNote(phone.page, 'By the pond, drinking.')
  await writeNote(laptop.page, 'By the pond, two of them.')
  await phone.offline(false)
  await expect.poll(() => entriesOf(server).some(({ note }) => note === 'By the pond, drinking.')).toBe(true)
  await laptop.offline(false)
  await both((page) => page.getByRole('heading', { name: 'Needs you' }).waitFor())
  await look('entry-clash')
  await both((page) => page.goto('/tray'))
  await both((page) => page.getByText('You changed the note on two devices').waitFor())
  await look('tray', { night: true, wide: true })
  await phone.page.getByRole('button', { name: 'Use this one' }).click()
  await both((page) => page.getByText('Nothing needs you').waitFor())
  await look('tray-empty')
})

test('settings, and the question before signing out', async () => {
  await both((page) => page.goto('/settings'))
  await both((page) => page.getByText('Signed in as').waitFor())
  await look('settings', { night: true, wide: true })
  for (const { page } of [phone, laptop]) {
    await page.getByRole('button', { name: 'Make a reset link for mara' }).click()
    await sheetOn(page, 'A link for mara').waitFor()
  }
  await look('reset-link')
  await both((page) => page.keyboard.press('Escape'))
  await both((page) => page.getByRole('button', { name: 'Change the password' }).click())
  await look('password')
  await both((page) => page.keyboard.press('Escape'))
  await both((page) => page.getByRole('button', { name: 'Sign out', exact: true }).click())
  await both((page) => sheetOn(page, 'Sign out of this device?').waitFor())
  await look('sign-out')
})

test('bringing old data in, before anything is chosen and before anything is written', async () => {
  await both((page) => page.goto('/import'))
  await both((page) => page.getByRole('button', { name: 'Choose a zip or files' }).waitFor())
  await look('import')
  const [fox, moose] = [
    { index: 3, scientific: 'Vulpes vulpes', common: 'Red fox', caught: '2025-05-01T07:10:00+02:00' },
    { index: 12, scientific: 'Alces alces', common: 'Moose' },
  ]
  const files = v2Files({ self: [fox, moose], ben: [{ ...moose, owner: 'ben' }] })
  files.set('dex_database.json', Buffer.from('{"records":[{"scientific_name":"Lynx'))
  const { path } = await stage.photos.file('old.zip', zipOf(files))
  await both((page) => page.locator('input[name=old-files]').setInputFiles(path))
  await both((page) => page.getByText('2 records can come in').waitFor())
  await look('import-summary', { night: true })
})

test('friends, their dexes, and what a stranger shows', async () => {
  const jonas = await stage.device(server)
  await signUp(jonas, 'jonas')
  for (const photo of photos.slice(0, 2))
    await capture(jonas.page, photo, { name: 'fox', latin: 'Vulpes vulpes', note: 'Again.' })
  const [mara, ayla, ben] = [
    await Owner.signIn(server, 'mara'),
    await Owner.signUp(server, 'ayla'),
    await Owner.signUp(server, 'ben'),
  ]
  const theirs = await Owner.signIn(server, 'jonas')
  await theirs.ask(mara.account)
  await mara.ask(theirs.account)
  await ayla.ask(mara.account)
  await mara.ask(ben.account)
  await both((page) => page.goto('/friends'))
  await both((page) => page.getByText(/^2 entries, latest/).waitFor())
  await both((page) => page.getByRole('button', { name: 'Show as a QR code' }).click())
  await both((page) => page.getByRole('img', { name: 'Your friend code as a QR code' }).waitFor())
  await look('friends', { night: true })
  await both((page) => page.getByRole('button', { name: 'More about jonas' }).click())
  await look('friends-menu')
  await both((page) => page.getByRole('button', { name: 'Block' }).click())
  await both((page) => sheetOn(page, 'Block jonas?').waitFor())
  await look('friends-block')
  await both((page) => page.goto('/dex/jonas'))
  await both((page) => plate(page, 'Red fox').waitFor())
  await look('friend-wall')
  await both((page) => openPlate(page, 'Red fox'))
  await both((page) => page.getByText('an area of about 22 km').waitFor())
  await look('friend-entry')
  await both((page) => page.goto('/dex/ayla'))
  await both((page) => page.getByText('Nothing to see for everyone').waitFor())
  await look('stranger')
})

test('the wall of somebody with five friends', async () => {
  const mara = await Owner.signIn(server, 'mara')
  for (const name of ['cleo', 'dora', 'emil', 'finn']) {
    const friend = await Owner.signUp(server, name)
    await friend.ask(mara.account)
    await mara.ask(friend.account)
  }
  await both((page) => page.goto('/'))
  await both((page) => page.getByRole('navigation', { name: 'Look into another dex' }).getByRole('link').nth(4).waitFor())
  await look('wall-friends')
})

test('choosing several plates', async () => {
  await both((page) => page.goto('/'))
  await phone.page.getByRole('button', { name: 'Filters' }).click()
  await both((page) => page.getByRole('button', { name: 'Choose several' }).click())
  await both((page) => page.getByRole('checkbox', { name: /Red fox/ }).click())
  await both((page) => page.getByText('1 sighting chosen').waitFor())
  await look('select', { night: true, wide: true })
})

test('at twice the size of letters nothing needs to be scrolled sideways', async () => {
  const { page } = phone
  await page.emulateMedia({ colorScheme: 'light' })
  const fox = entriesOf(server)[1]?.id
  const places = [
    ['/', 'No. 0001'],
    ['/capture', 'What did you meet?'],
    ['/tray', 'Nothing needs you'],
    ['/settings', 'Signed in as'],
    ['/friends', 'Sync for all'],
    ['/import', 'Choose a zip or files'],
    ['/dex/jonas', 'Red fox'],
    [`/entry/${fox}`, 'Vulpes vulpes'],
  ] as const
  for (const [path, words] of places) {
    await page.goto(path)
    await page.getByText(words).last().waitFor()
    await page.evaluate(() => document.documentElement.style.setProperty('font-size', '200%'))
    const beyond = () => page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
    await expect.poll(beyond, { message: path }).toBe(0)
    await page.screenshot({ path: join(SHOTS, `twice${path.replaceAll('/', '-').slice(0, 9)}.png`) })
  }
})
