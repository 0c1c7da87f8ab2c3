import { readFile } from 'node:fs/promises'
import { beforeAll, expect, test } from 'vitest'
import type { Device } from './kit/device.ts'
import { entriesOf, imagesOf } from './kit/owner.ts'
import { capture, choosePicture, openPlate, plate, sheetOn, signIn, signUp, writeNote } from './kit/person.ts'
import type { PhotoFile } from './kit/photos.ts'
import type { Server } from './kit/server.ts'
import { useStage } from './kit/stage.ts'

const stage = useStage()
let server: Server
let phone: Device
let photo: PhotoFile
let saved: PhotoFile

beforeAll(async () => {
  server = await stage.server()
  phone = await stage.device(server)
  photo = await stage.photos.take({ seed: 5 })
  await signUp(phone, 'mara')
  await phone.shellInstalled()
  await capture(phone.page, await stage.photos.take(), { name: 'wren', latin: 'Troglodytes troglodytes' })
  await plate(phone.page, 'Wren').getByRole('img', { name: 'On the server' }).waitFor()
})

/** Her sessions, as the server has them. */
const mara = () => server.rows("SELECT s.id FROM sessions s JOIN accounts a ON a.id = s.account_id WHERE a.username = 'mara'")
const notes = () => entriesOf(server).map(({ note }) => note)

/**
 * Cuts the phone off for certain: while one of its pages goes and another comes, requests get past the network that a browser is told
 * it does not have.
 */
async function cut(): Promise<void> {
  await phone.offline(true)
  await server.kill()
}
async function back(): Promise<void> {
  await server.start()
  await phone.offline(false)
}

async function leave({ page }: Device, button: string): Promise<void> {
  await page.goto('/settings')
  await page.getByRole('button', { name: 'Sign out', exact: true }).click()
  await sheetOn(page).getByRole('button', { name: button, exact: true }).click()
  await page.getByRole('heading', { name: 'Sign in', exact: true }).waitFor()
}

/** Chooses a file in the settings, and waits for what is said of it. */
async function bringIn({ page }: Device, path: string, words: string): Promise<void> {
  await page.goto('/settings')
  await page.locator('input[name=saved-work]').setInputFiles(path)
  await page.getByText(words).waitFor()
}

test('a sign-out says what is only here, and saves it as a file before it goes', async () => {
  const { page } = phone
  await cut()
  await openPlate(page, 'Wren')
  await writeNote(page, 'Only on this phone.')
  await capture(page, photo, { name: 'red fox', latin: 'Vulpes vulpes', note: 'Across the road.' })
  await page.goto('/settings')
  await page.getByRole('button', { name: 'Sign out', exact: true }).click()
  const dialog = sheetOn(page, 'Sign out of this device?')
  await dialog.getByText('Only on this device: 3 changes, one photo.').waitFor()
  const download = page.waitForEvent('download')
  await dialog.getByRole('button', { name: 'Save as a file' }).click()
  const file = await download
  expect(file.suggestedFilename()).toMatch(/^biologidex-unsent-mara-\d{4}-\d\d-\d\d\.zip$/)
  saved = await stage.photos.file('saved.zip', await readFile(await file.path()))
  expect(saved.bytes.includes(photo.bytes)).toBe(true)
  await dialog.getByText('Handed to the browser as').waitFor()
  await dialog.getByRole('button', { name: 'Sign out', exact: true }).click()
  await page.getByRole('heading', { name: 'Sign in', exact: true }).waitFor()
  expect(await page.evaluate(() => indexedDB.databases())).toEqual([])
  // The server could not be told: the session ends once it can, and lets nobody in until then.
  expect(server.rows('SELECT id FROM sessions')).toHaveLength(1)
  await back()
  await expect.poll(() => server.rows('SELECT id FROM sessions')).toEqual([])
  await page.reload()
  await signIn(phone, 'mara')
  await plate(page, 'Wren').waitFor()
  expect(notes()).toEqual([null])
})

test('what is no saved work, or another account’s, changes nothing', async () => {
  const other = await stage.device(server)
  // The server goes down for the phone’s sake.
  other.complaints.expectNoAnswer()
  await signUp(other, 'ben')
  await bringIn(other, saved.path, 'This is the saved work of mara, another account.')
  const half = await stage.photos.file('half.zip', saved.bytes.subarray(0, saved.bytes.length / 2))
  const name = Buffer.from('work.json')
  const renamed = Buffer.from(saved.bytes)
  for (let at = renamed.indexOf(name); at >= 0; at = renamed.indexOf(name, at + 1)) renamed.write('evil.json', at)
  for (const { path } of [half, await stage.photos.file('renamed.zip', renamed), photo])
    await bringIn(phone, path, 'This file holds no saved work, or is damaged.')
  expect(server.rows('SELECT note FROM entries')).toEqual([{ note: null }])
})

test('saved work is brought in again and goes up, its photo byte for byte; a second time there is nothing new', async () => {
  await bringIn(phone, saved.path, 'Brought in: 3 changes, one photo.')
  await expect.poll(() => notes().sort()).toEqual(['Across the road.', 'Only on this phone.'])
  await expect.poll(() => imagesOf(server).filter(({ state }) => state === 'ready').length).toBe(2)
  expect(imagesOf(server).map(({ sha256 }) => sha256)).toContain(photo.sha256)
  await phone.page.goto('/')
  await plate(phone.page, 'Red fox').getByRole('img', { name: 'On the server' }).waitFor()
  await bringIn(phone, saved.path, 'All of it is here already.')
  expect(notes().sort()).toEqual(['Across the road.', 'Only on this phone.'])
})

test('dropping it drops it: nothing of it comes back', async () => {
  const { page } = phone
  await page.goto('/')
  await openPlate(page, 'Wren')
  await cut()
  await writeNote(page, 'To be dropped.')
  await page.getByRole('link', { name: 'Back to the dex' }).click()
  await leave(phone, 'Drop it and sign out')
  await back()
  await signIn(phone, 'mara')
  await plate(page, 'Wren').waitFor()
  await page.getByText(/^Up to date/).waitFor()
  expect(notes().sort()).toEqual(['Across the road.', 'Only on this phone.'])
})

test('a sighting that was begun is asked about too, and comes back from the file as a private entry', async () => {
  const { page } = phone
  const begun = await stage.photos.take({ seed: 9 })
  await page.goto('/capture')
  await choosePicture(page, begun.path)
  await page.getByText('Notes, outing, how many, who sees it').click()
  await page.getByLabel('Note', { exact: true }).fill('Never kept.')
  await page.locator('.safe[aria-busy=false]', { hasText: 'Kept on this device as a draft' }).waitFor()
  await page.goto('/settings')
  const dialog = sheetOn(page)
  const ask = () => page.getByRole('button', { name: 'Sign out', exact: true }).click()
  await ask()
  await dialog.getByText('Only on this device: what you began to capture, with one photo.').waitFor()
  await dialog.getByRole('button', { name: 'Go to what you began' }).click()
  await page.getByRole('img', { name: 'Your photo' }).waitFor()
  await page.goto('/settings')
  await ask()
  const download = page.waitForEvent('download')
  await dialog.getByRole('button', { name: 'Save as a file' }).click()
  const file = await stage.photos.file('begun.zip', await readFile(await (await download).path()))
  await dialog.getByRole('button', { name: 'Sign out', exact: true }).click()
  await page.getByRole('heading', { name: 'Sign in', exact: true }).waitFor()
  await signIn(phone, 'mara')
  await plate(page, 'Wren').waitFor()
  await bringIn(phone, file.path, 'Brought in: 2 changes, one photo.')
  await expect.poll(() => imagesOf(server).map(({ sha256 }) => sha256)).toContain(begun.sha256)
  expect(server.rows("SELECT visibility FROM entries WHERE note = 'Never kept.'")).toEqual([{ visibility: 'private' }])
})

test('a server that says nothing keeps nobody: the device is wiped, and the session ends when it answers again', async () => {
  const { page } = phone
  await page.goto('/settings')
  await page.getByText(/^Up to date/).waitFor()
  server.pause()
  try {
    await page.getByRole('button', { name: 'Sign out', exact: true }).click()
    await sheetOn(page).getByRole('button', { name: 'Sign out', exact: true }).click()
    await page.getByRole('heading', { name: 'Sign in', exact: true }).waitFor()
    expect(await page.evaluate(() => indexedDB.databases())).toEqual([])
  } finally {
    server.resume()
  }
  await expect.poll(() => mara()).toEqual([])
  await signIn(phone, 'mara')
  await plate(page, 'Wren').waitFor()
})

test('a tab that is closed while it signs out has signed out: the next start finishes it', async () => {
  await phone.page.goto('about:blank')
  const page = await phone.newTab('/settings')
  await page.getByText(/^Up to date/).waitFor()
  // What deletes its databases waits for whoever has one open.
  await page.evaluate(async () => {
    const held = (await indexedDB.databases()).map(({ name = '' }) => indexedDB.open(name))
    Object.assign(window, { held })
    await Promise.all(held.map((request) => new Promise((resolve) => request.addEventListener('success', resolve))))
  })
  server.pause()
  try {
    await page.getByRole('button', { name: 'Sign out', exact: true }).click()
    await sheetOn(page).getByRole('button', { name: 'Sign out', exact: true }).click()
    await page.getByText('One moment…').waitFor()
    await page.close()
  } finally {
    server.resume()
  }
  const next = phone.page
  await next.goto('/')
  await next.getByRole('heading', { name: 'Sign in', exact: true }).waitFor()
  await expect.poll(() => next.evaluate(() => indexedDB.databases())).toEqual([])
  await expect.poll(() => mara()).toEqual([])
})
