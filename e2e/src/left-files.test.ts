import type { ElementHandle } from 'playwright-core'
import { beforeAll, expect, test } from 'vitest'
import type { Device } from './kit/device.ts'
import { entriesOf, imagesOf } from './kit/owner.ts'
import { capture, fillAccount, openPlate, PASSWORD, plate, sheetOn, signIn, signUp, untilKept } from './kit/person.ts'
import type { PhotoFile } from './kit/photos.ts'
import type { Server } from './kit/server.ts'
import { useStage } from './kit/stage.ts'

/** What somebody is choosing, or typing, while the screen that it is for goes. */
const stage = useStage()
let server: Server
let phone: Device
let laptop: Device

beforeAll(async () => {
  server = await stage.server()
  phone = await stage.device(server)
  laptop = await stage.device(server, { size: 'desktop' })
  await signUp(phone, 'mara')
  await capture(phone.page, await stage.photos.take(), { name: 'wren', latin: 'Troglodytes troglodytes' })
  await plate(phone.page, 'Wren').getByRole('img', { name: 'On the server' }).waitFor()
  await signIn(laptop, 'mara')
})

/** What a browser does with what is chosen, for a field that has left the page too. */
async function give(field: ElementHandle, { bytes }: PhotoFile): Promise<void> {
  const text = Buffer.from(bytes).toString('base64')
  await field.evaluate((input, base64) => {
    const chosen = new DataTransfer()
    chosen.items.add(new File([Uint8Array.from(atob(base64), (c) => c.charCodeAt(0))], 'chosen.jpg', { type: 'image/jpeg' }))
    Object.assign(input, { files: chosen.files })
    input.dispatchEvent(new Event('change', { bubbles: true }))
  }, text)
}

/** Ends the phone's session, as another device can. */
async function revoke(): Promise<void> {
  const cookies = await phone.context.cookies()
  const cookie = cookies.map(({ name, value }) => `${name}=${value}`).join('; ')
  const headers = { cookie, origin: server.origin }
  const answer = await fetch(`${server.origin}/api/v2/sessions/current`, { method: 'DELETE', headers })
  expect(answer.status).toBe(200)
}

async function removeOnLaptop(): Promise<void> {
  await openPlate(laptop.page, 'Wren')
  await laptop.page.getByRole('button', { name: 'Change this entry' }).click()
  await laptop.page.getByRole('button', { name: 'Delete this entry' }).click()
  await expect.poll(() => entriesOf(server).every(({ deleted_at }) => deleted_at !== null)).toBe(true)
}

test('a picture that is chosen for an entry that was deleted meanwhile waits in the tray, and goes up when the entry is back', async () => {
  const { page } = phone
  await openPlate(page, 'Wren')
  await page.getByRole('button', { name: 'Change pictures' }).click()
  const chooser = page.waitForEvent('filechooser')
  await sheetOn(page).getByRole('button', { name: 'Add pictures' }).click()
  const field = (await chooser).element()
  await removeOnLaptop()
  await expect.poll(() => page.locator('.wall-side .plate').count()).toBe(0)
  const photo = await stage.photos.take({ seed: 2 })
  await give(field, photo)
  await page.getByText('This entry was deleted on another device. The picture is kept').waitFor()
  await sheetOn(page).getByRole('button', { name: 'Close' }).click()
  await page.goto('/tray')
  await page.getByRole('button', { name: 'Bring its entry back and try again' }).click()
  await expect.poll(() => imagesOf(server).map(({ sha256 }) => sha256)).toContain(photo.sha256)
})

test('what is being typed for an entry that is deleted meanwhile stays, and saving it brings the entry back', async () => {
  const { page } = phone
  await page.goto('/')
  await openPlate(page, 'Wren')
  await page.getByRole('button', { name: 'Change this entry' }).click()
  const form = sheetOn(page, 'Change this entry')
  await form.getByLabel('Note', { exact: true }).fill('Typed meanwhile.')
  await plate(laptop.page, 'Wren').waitFor()
  await removeOnLaptop()
  await expect.poll(() => page.locator('.wall-side .plate').count()).toBe(0)
  await form.getByRole('button', { name: 'Save', exact: true }).click()
  await expect
    .poll(() => entriesOf(server).map(({ note, deleted_at }) => [note, deleted_at]))
    .toEqual([['Typed meanwhile.', null]])
})

async function endSession(): Promise<void> {
  phone.complaints.expectStatus(401)
  await phone.offline(true)
  await revoke()
  await phone.offline(false)
  await phone.page.getByRole('heading', { name: 'Sign in again, mara' }).waitFor()
}

/** Ends the phone's session, does something then, and signs in again. */
async function overTheSignIn(during: () => Promise<unknown>): Promise<void> {
  const { page } = phone
  await endSession()
  await during()
  await page.getByText(/photos? that you chose (is|are) still here/).waitFor()
  await page.getByLabel('Password', { exact: true }).fill(PASSWORD)
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
  await page.getByRole('link', { name: 'Capture', exact: true }).click()
}

async function keep(...photos: readonly PhotoFile[]): Promise<void> {
  const { page } = phone
  await page.getByRole('img', { name: 'Your photo' }).waitFor()
  if (photos.length > 1) await page.getByText(`All ${photos.length} become one entry`).waitFor()
  await page.getByRole('button', { name: /^Keep/ }).click()
  await untilKept(page)
  await expect
    .poll(() => imagesOf(server).map(({ sha256 }) => sha256))
    .toEqual(expect.arrayContaining(photos.map(({ sha256 }) => sha256)))
}

/** From now on no file is read, until the answer is called. */
async function readSlowly(): Promise<() => Promise<void>> {
  const gate = await phone.page.evaluateHandle(() => {
    const read = Blob.prototype.arrayBuffer
    const end = Promise.withResolvers<undefined>()
    Blob.prototype.arrayBuffer = async function slowly() {
      await end.promise
      return read.call(this)
    }
    return () => {
      Blob.prototype.arrayBuffer = read
      end.resolve(undefined)
    }
  })
  return () => gate.evaluate((open) => open())
}

test('a photo that is chosen while the session ends waits for the sign-in, and is kept then', async () => {
  const { page } = phone
  await page.goto('/capture')
  const chooser = page.waitForEvent('filechooser')
  await page.getByRole('button', { name: 'Choose a picture' }).click()
  const field = (await chooser).element()
  const photo = await stage.photos.take({ seed: 3 })
  await overTheSignIn(() => give(field, photo))
  await keep(photo)
})

test('so do photos that were still being read, for a capture or for an entry', async () => {
  const { page } = phone
  const [a, b, c] = await Promise.all([4, 5, 6].map((seed) => stage.photos.take({ seed })))
  if (!a || !b || !c) throw new Error('no photos')
  await page.goto('/capture')
  const go = await readSlowly()
  await page.locator('input[name=library]').setInputFiles([a.path, b.path])
  await overTheSignIn(go)
  await keep(a, b)
  await page.goto('/')
  await openPlate(page, 'Wren')
  await page.getByRole('button', { name: 'Change pictures' }).click()
  const goOn = await readSlowly()
  await page.locator('input[name=add-pictures]').setInputFiles(c.path)
  await page.getByText('Reading').waitFor()
  await overTheSignIn(goOn)
  await keep(c)
})

test('so does a photo that was not written down yet', async () => {
  const { page } = phone
  const photo = await stage.photos.take({ seed: 7 })
  await page.goto('/capture')
  const refused = await page.evaluateHandle((least) => {
    const seal = SubtleCrypto.prototype.encrypt
    const state = { times: 0, end: () => Object.assign(SubtleCrypto.prototype, { encrypt: seal }) }
    SubtleCrypto.prototype.encrypt = function refuse(algorithm, key, data) {
      if (data.byteLength < least) return seal.call(this, algorithm, key, data)
      state.times += 1
      return Promise.reject(new Error('The device did not want to.'))
    }
    return state
  }, photo.bytes.length)
  await page.locator('input[name=library]').setInputFiles(photo.path)
  await expect.poll(() => refused.evaluate(({ times }) => times)).toBe(1)
  await overTheSignIn(() => refused.evaluate(({ end }) => end()))
  await keep(photo)
})

test('what was left is nobody else’s: another account that signs in finds none of it', async () => {
  const { page } = phone
  await page.goto('/capture')
  const chooser = page.waitForEvent('filechooser')
  await page.getByRole('button', { name: 'Choose a picture' }).click()
  const field = (await chooser).element()
  await endSession()
  const [hers, his] = await Promise.all([8, 9].map((seed) => stage.photos.take({ seed })))
  if (!hers || !his) throw new Error('no photos')
  await give(field, hers)
  const left = page.getByText('The photo that you chose is still here.')
  await left.waitFor()
  await page.getByRole('button', { name: 'Use another account' }).click()
  await left.waitFor({ state: 'detached' })
  await page.getByRole('link', { name: 'Make an account' }).click()
  await fillAccount(page, 'ben')
  await page.getByRole('button', { name: 'Make the account' }).click()
  await page.getByRole('link', { name: 'Capture', exact: true }).click()
  // Photos come in the order in which they were brought: hers would be before his.
  await page.locator('input[name=library]').setInputFiles(his.path)
  await keep(his)
  expect(imagesOf(server).map(({ sha256 }) => sha256)).not.toContain(hers.sha256)
})
