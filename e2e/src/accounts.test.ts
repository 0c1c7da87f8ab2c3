import { hiddenPlace } from '@biologidex/client/adapters/hidden-names'
import { expect, test } from 'vitest'
import { databasesOf } from './kit/browser-storage.ts'
import type { Device } from './kit/device.ts'
import { entriesOf, imagesOf } from './kit/owner.ts'
import { capture, fillAccount, openPlate, plate, sheetOn, signIn, signUp, writeNote } from './kit/person.ts'
import type { Server } from './kit/server.ts'
import { useStage } from './kit/stage.ts'

const stage = useStage({ perTest: true })
const MOOSE = { name: 'moose', latin: 'Alces alces', note: 'By the hidden lake.' }

/** A phone whose person has one entry, on the server too. */
async function withMoose(server: Server): Promise<Device> {
  const phone = await stage.device(server)
  await signUp(phone, 'mara')
  await capture(phone.page, await stage.photos.take(), MOOSE)
  await plate(phone.page, 'Moose').getByRole('img', { name: 'On the server' }).waitFor()
  await expect.poll(() => imagesOf(server).map(({ state }) => state)).toEqual(['ready'])
  return phone
}

/** Ends the browser's session from elsewhere, as its owner or an admin may. */
async function revoke(server: Server, device: Device): Promise<void> {
  const cookies = await device.context.cookies()
  const cookie = cookies.map(({ name, value }) => `${name}=${value}`).join('; ')
  const headers = { cookie, origin: server.origin }
  const answer = await fetch(`${server.origin}/api/v2/sessions/current`, { method: 'DELETE', headers })
  expect(answer.status).toBe(200)
}

async function signOut({ page }: Device, button: string): Promise<void> {
  await page.goto('/settings')
  await page.getByRole('button', { name: 'Sign out', exact: true }).click()
  await sheetOn(page, 'Sign out of this device?').getByRole('button', { name: button, exact: true }).click()
  await page.getByRole('heading', { name: 'Sign in', exact: true }).waitFor()
}

test('a wrong password says that both should be checked, not which was wrong', async () => {
  const server = await stage.server()
  const phone = await stage.device(server, { installs: false })
  phone.complaints.expectStatus(401)
  await signUp(phone, 'mara')
  await signOut(phone, 'Sign out')
  for (const name of ['mara', 'nobody']) {
    await fillAccount(phone.page, name, 'a wrong guess')
    await phone.page.getByRole('button', { name: 'Sign in', exact: true }).click()
    await phone.page.getByRole('alert').filter({ hasText: 'User name and password do not match.' }).waitFor()
    expect(await phone.page.getByLabel('User name').inputValue()).toBe(name)
  }
  await signIn(phone, 'mara')
})

/** Runs in a page: notes each wall that is drawn ahead, and whether anybody could see it, reach it or hear of it. */
function noteAhead(): void {
  const noted = { drawn: 0, hidden: true }
  Object.assign(window, { noted })
  new MutationObserver(() => {
    const plate = document.querySelector('.plate')
    if (!plate) return
    noted.drawn = Math.max(noted.drawn, document.querySelectorAll('.plate').length)
    const isHidden = getComputedStyle(plate).visibility === 'hidden' && plate.closest('[inert][aria-hidden=true]') !== null
    noted.hidden &&= isHidden && plate.closest('form') === null
  }).observe(document, { childList: true, subtree: true })
}

test('while somebody types who they are a wall is drawn once that nobody sees, and leaves nothing', async () => {
  const server = await stage.server()
  const { page } = await stage.device(server, { installs: false })
  await page.addInitScript(noteAhead)
  await page.goto('/sign-up')
  const name = page.getByLabel('User name')
  await name.fill('mara')
  const noted = () => page.evaluate(() => (window as unknown as { noted: { drawn: number; hidden: boolean } }).noted)
  await expect.poll(noted).toEqual({ drawn: 2, hidden: true })
  await expect.poll(() => page.locator('.wall-ahead').count()).toBe(0)
  expect(await name.evaluate((field: HTMLInputElement) => [field.value, field === document.activeElement])).toEqual([
    'mara',
    true,
  ])
  expect(await page.evaluate(() => Object.keys(sessionStorage))).toEqual([])
})

test('with sign-up closed the first account can be made, and no other', async () => {
  const server = await stage.server({ env: { SIGNUP: 'closed' } })
  const [phone, stranger] = [await stage.device(server, { installs: false }), await stage.device(server, { installs: false })]
  await signUp(phone, 'mara')
  await stranger.page.goto('/sign-up')
  await stranger.page.getByRole('heading', { name: 'New accounts are closed' }).waitFor()
  await stranger.page.goto('/')
  await stranger.page.getByRole('heading', { name: 'Sign in' }).waitFor()
  expect(await stranger.page.getByText('Make an account').count()).toBe(0)
  expect(server.rows('SELECT username FROM accounts')).toEqual([{ username: 'mara' }])
})

test('signing out leaves nothing of the dex in the browser', async () => {
  const server = await stage.server()
  const phone = await withMoose(server)
  const [{ id: account } = { id: '' }] = server.rows<{ id: string }>('SELECT id FROM accounts')
  const place = hiddenPlace(account)
  expect((await databasesOf(phone.page)).filter((name) => name.includes(place)).length).toBeGreaterThan(2)
  await signOut(phone, 'Sign out')
  expect(await databasesOf(phone.page)).toEqual([])
  const remembered = await phone.page.evaluate(() => JSON.stringify(localStorage))
  for (const word of [account, place]) expect(remembered).not.toContain(word)
  expect(await phone.context.cookies()).toEqual([])
  expect(server.rows('SELECT * FROM sessions')).toEqual([])
  await signIn(phone, 'mara')
  await plate(phone.page, 'Moose').waitFor()
})

test('signing out with unsent work says so first, sends it when asked to, and waits no longer than somebody wants', async () => {
  const server = await stage.server()
  const phone = await withMoose(server)
  const { page } = phone
  await phone.offline(true)
  await openPlate(page, 'Moose')
  await writeNote(page, 'Not sent yet.')
  await page.getByRole('link', { name: 'Back to the dex' }).click()
  await page.getByRole('link', { name: 'Settings' }).click()
  await page.getByRole('button', { name: 'Sign out', exact: true }).click()
  const dialog = sheetOn(page, 'Sign out of this device?')
  await dialog.getByText('Only on this device: one change.').waitFor()
  await dialog.getByRole('button', { name: 'Send, then sign out' }).click()
  await dialog.getByRole('alert').filter({ hasText: 'Not all could be sent' }).waitFor()
  server.pause()
  await phone.offline(false)
  await dialog.getByRole('button', { name: 'Send, then sign out' }).click()
  await dialog.getByText('Still to be sent: one change.').waitFor()
  await dialog.getByRole('button', { name: 'Stop waiting' }).click()
  // It goes on being sent; nobody is signed out by it.
  await dialog.getByText('Only on this device: one change.').waitFor()
  await dialog.getByRole('button', { name: 'Send, then sign out' }).click()
  await page.keyboard.press('Escape')
  await dialog.waitFor({ state: 'hidden' })
  server.resume()
  await expect.poll(() => entriesOf(server).map(({ note }) => note)).toEqual(['Not sent yet.'])
  await page.getByText(/^Up to date/).waitFor()

  server.pause()
  await page.getByRole('link', { name: 'Dex', exact: true }).click()
  await openPlate(page, 'Moose')
  await writeNote(page, 'Sent on the way out.')
  await page.getByRole('link', { name: 'Back to the dex' }).click()
  await page.getByRole('link', { name: 'Settings' }).click()
  await page.getByRole('button', { name: 'Sign out', exact: true }).click()
  await dialog.getByRole('button', { name: 'Send, then sign out' }).click()
  await dialog.getByText('Still to be sent: one change.').waitFor()
  server.resume()
  await page.getByRole('heading', { name: 'Sign in', exact: true }).waitFor()
  expect(entriesOf(server).map(({ note }) => note)).toEqual(['Sent on the way out.'])
})

/** Damages every change that waits, as a disk would. */
const damageOutbox = (device: Device, place: string) =>
  device.page.evaluate(async (name) => {
    const opened = <T>(request: IDBRequest<T>) =>
      new Promise<T>((resolve, reject) => {
        request.onsuccess = () => resolve(request.result)
        request.onerror = () => reject(request.error)
      })
    const database = await opened(indexedDB.open(name))
    const store = database.transaction('outbox', 'readwrite').objectStore('outbox')
    for (const key of await opened(store.getAllKeys())) await opened(store.put(new Uint8Array(40), key))
    database.close()
  }, `biologidex-sealed/${place}`)

test('a sign-out says what waits here and cannot be opened, and so would be lost', async () => {
  const server = await stage.server()
  const phone = await withMoose(server)
  const { page } = phone
  const [{ id: account } = { id: '' }] = server.rows<{ id: string }>('SELECT id FROM accounts')
  await phone.shellInstalled()
  await phone.offline(true)
  await openPlate(page, 'Moose')
  await writeNote(page, 'Damaged before it was sent.')
  await damageOutbox(phone, hiddenPlace(account))
  await page.goto('/settings')
  await page.getByRole('button', { name: 'Sign out', exact: true }).click()
  const dialog = sheetOn(page, 'Sign out of this device?')
  await dialog.getByText('One change or photo that waits here cannot be opened').waitFor()
  await dialog.getByRole('button', { name: 'Drop it and sign out' }).waitFor()
  expect(await dialog.getByRole('button', { name: 'Sign out', exact: true }).count()).toBe(0)
})

test('a session ended elsewhere asks to sign in again; what was not sent is kept and goes up then', async () => {
  const server = await stage.server()
  const phone = await withMoose(server)
  phone.complaints.expectStatus(401)
  await openPlate(phone.page, 'Moose')
  await phone.offline(true)
  await writeNote(phone.page, 'Written before it ended.')
  await revoke(server, phone)
  await phone.offline(false)
  await phone.page.getByRole('heading', { name: 'Sign in again, mara' }).waitFor()
  expect(await phone.page.getByText('Moose').count()).toBe(0)
  expect(entriesOf(server).map(({ note }) => note)).toEqual([MOOSE.note])

  await phone.page.reload()
  await phone.page.getByRole('heading', { name: 'Sign in again, mara' }).waitFor()
  await phone.page.getByLabel('Password', { exact: true }).fill('correct horse battery')
  await phone.page.getByRole('button', { name: 'Sign in', exact: true }).click()
  await plate(phone.page, 'Moose').getByRole('img', { name: 'On the server' }).waitFor()
  expect(entriesOf(server).map(({ note }) => note)).toEqual(['Written before it ended.'])
})

test('another account in the same browser never sees the first one’s dex, and the first finds its unsent work again', async () => {
  const server = await stage.server()
  const phone = await withMoose(server)
  phone.complaints.expectStatus(401)
  const { page } = phone
  await openPlate(page, 'Moose')
  await phone.offline(true)
  await writeNote(page, 'Mine alone.')
  await revoke(server, phone)
  await phone.offline(false)
  await page.getByRole('button', { name: 'Use another account' }).click()
  await page.getByRole('link', { name: 'Make an account' }).click()
  await fillAccount(page, 'ben')
  await page.getByRole('button', { name: 'Make the account' }).click()
  await page.getByText('Your dex is empty, for now').waitFor()
  await page.getByText('ben’s dex').waitFor()
  await page.getByText(/^Up to date/).waitFor()
  expect(entriesOf(server).map(({ note }) => note)).toEqual([MOOSE.note])
  for (const path of ['/capture', '/tray', '/settings', '/']) {
    await page.goto(path)
    await page.locator('#content').waitFor()
    expect(await page.locator('body').innerText()).not.toMatch(/Moose|mara|Mine alone/)
  }

  await signOut(phone, 'Sign out')
  await signIn(phone, 'mara')
  await plate(page, 'Moose').getByRole('img', { name: 'On the server' }).waitFor()
  await expect.poll(() => entriesOf(server).map(({ note }) => note)).toEqual(['Mine alone.'])
})
