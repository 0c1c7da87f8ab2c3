import type { Page } from 'playwright-core'
import { beforeAll, expect, test } from 'vitest'
import type { Device } from './kit/device.ts'
import { capture, choosePicture, fillAccount, openPlate, PASSWORD, plate, sheetOn, signUp } from './kit/person.ts'
import type { Server } from './kit/server.ts'
import { useStage } from './kit/stage.ts'

/** What somebody is typing while their session ends. */
const stage = useStage()
let server: Server
let phone: Device

beforeAll(async () => {
  server = await stage.server()
  phone = await stage.device(server)
  phone.complaints.expectStatus(401)
  await signUp(phone, 'mara')
  await capture(phone.page, await stage.photos.take(), { name: 'wren', latin: 'Troglodytes troglodytes' })
  await plate(phone.page, 'Wren').getByRole('img', { name: 'On the server' }).waitFor()
})

/** Ends the phone's session, as another device can. */
async function endSession(): Promise<void> {
  const { page, context } = phone
  const cookie = (await context.cookies()).map(({ name, value }) => `${name}=${value}`).join('; ')
  await phone.offline(true)
  const headers = { cookie, origin: server.origin }
  expect((await fetch(`${server.origin}/api/v2/sessions/current`, { method: 'DELETE', headers })).status).toBe(200)
  await phone.offline(false)
  await page.getByRole('heading', { name: 'Sign in again, mara' }).waitFor()
}

async function signInAgain(): Promise<void> {
  const { page } = phone
  await page.getByLabel('Password', { exact: true }).fill(PASSWORD)
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
  await plate(page, 'Wren').waitFor()
}

const NOTICE = 'What you were typing when your session ended is still here.'

/** Opens what was left, and answers all of it: page, form, field and text. */
async function leftHere(): Promise<string[][]> {
  const { page } = phone
  await page.locator('.toast', { hasText: NOTICE }).getByRole('button', { name: 'Show it' }).click()
  const sheet = sheetOn(page, 'What you were typing')
  await sheet.waitFor()
  return sheet.locator('section').evaluateAll((sections) =>
    sections.flatMap((section) => {
      const page = section.querySelector('h3')?.textContent ?? ''
      const fields = [...section.querySelectorAll('[role=group] [role=group]')]
      const labelOf = (group: Element | null | undefined) => group?.getAttribute('aria-label') ?? ''
      return fields.map((field) => [
        page,
        labelOf(field.parentElement),
        labelOf(field),
        field.querySelector('code')?.textContent ?? '',
      ])
    }),
  )
}

async function letGo(): Promise<void> {
  const sheet = sheetOn(phone.page, 'What you were typing')
  await sheet.getByRole('button', { name: 'I don’t need it' }).click()
  await sheet.waitFor({ state: 'hidden' })
  await expect.poll(() => leftOnDisk(phone.page)).toBe(0)
}

/** How much of what was left lies in this browser, whoever's it is. */
function leftOnDisk(page: Page): Promise<number> {
  return page.evaluate(async () => {
    const names = (await indexedDB.databases()).flatMap(({ name }) =>
      name?.startsWith('biologidex-sealed-drafts/') ? [name] : [],
    )
    const counts = names.map(async (name) => {
      const opening = indexedDB.open(name)
      await new Promise((resolve) => opening.addEventListener('success', resolve))
      const db = opening.result
      const keys = db.transaction('blobs').objectStore('blobs').getAllKeys()
      await new Promise((resolve) => keys.addEventListener('success', resolve))
      db.close()
      return keys.result.filter((key) => String(key).startsWith('left/')).length
    })
    return (await Promise.all(counts)).reduce((sum, count) => sum + count, 0)
  })
}

async function edit() {
  const { page } = phone
  await page.goto('/')
  await openPlate(page, 'Wren')
  await page.getByRole('button', { name: 'Change this entry' }).click()
  return sheetOn(page, 'Change this entry')
}

test('what was half typed in an entry’s form, and in a part of it, is shown after the sign-in, can be copied, and goes when nobody needs it', async () => {
  const { page } = phone
  const form = await edit()
  await form.getByLabel('Note', { exact: true }).fill('Sang from the hedge.\nTwice.')
  await form.getByRole('button', { name: /^Place/ }).click()
  const place = sheetOn(page, 'Where did you see it?')
  await place.getByLabel('Name of the place, if you like').fill('The old mill')
  await endSession()
  await signInAgain()
  expect(await leftHere()).toEqual([
    ['Eurasian wren', 'Change this entry', 'Note', 'Sang from the hedge.\nTwice.'],
    ['Eurasian wren', 'Where did you see it?', 'Name of the place, if you like', 'The old mill'],
  ])
  await phone.context.grantPermissions(['clipboard-read', 'clipboard-write'])
  await page.getByRole('group', { name: 'Note' }).getByRole('button', { name: 'Copy' }).click()
  await page.getByText('Copied.', { exact: true }).waitFor()
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe('Sang from the hedge.\nTwice.')
  await letGo()
})

test('it outlives the page, and stays until it is let go of', async () => {
  const { page } = phone
  const form = await edit()
  await form.getByLabel('Private note', { exact: true }).fill('Not to be lost.')
  await endSession()
  await page.reload()
  await signInAgain()
  const left = [['Eurasian wren', 'Change this entry', 'Private note', 'Not to be lost.']]
  expect(await leftHere()).toEqual(left)
  await page.getByRole('button', { name: 'Keep it here' }).click()
  expect(await leftHere()).toEqual(left)
  await page.reload()
  expect(await leftHere()).toEqual(left)
  await letGo()
})

test('of the settings only what is not saved is left, and never a password, shown or not', async () => {
  const { page } = phone
  await page.goto('/settings')
  await page.getByLabel('About you').fill('Ponds.')
  await page.getByRole('button', { name: 'Save', exact: true }).click()
  await page.getByText('Saved.', { exact: true }).waitFor()
  await page.getByRole('button', { name: 'Change the password' }).click()
  const sheet = sheetOn(page, 'Change the password')
  await sheet.getByLabel('Current password').fill('an old secret')
  await sheet.getByLabel('Show the password').last().check()
  await sheet.getByLabel('New password').fill('a new secret')
  await endSession()
  expect(await leftOnDisk(page)).toBe(0)
  await signInAgain()
  await page.goto('/settings')
  await page.getByLabel('About you').fill('Ponds, mostly.')
  await endSession()
  await signInAgain()
  expect(await leftHere()).toEqual([['Settings', 'Profile', 'About you', 'Ponds, mostly.']])
  await letGo()
})

test('a description of a picture is left; of a capture nothing that its draft holds', async () => {
  const { page } = phone
  await page.goto('/')
  await openPlate(page, 'Wren')
  await page.getByRole('button', { name: 'Change pictures' }).click()
  const pictures = sheetOn(page)
  await pictures.getByRole('button', { name: 'Describe picture 1' }).click()
  await pictures.getByRole('textbox').fill('A wren on a fence')
  await endSession()
  await signInAgain()
  expect((await leftHere()).map((one) => one.at(-1))).toEqual(['A wren on a fence'])
  await letGo()
  await page.getByRole('link', { name: 'Capture', exact: true }).click()
  await choosePicture(page, (await stage.photos.take({ seed: 2 })).path)
  await page.getByRole('img', { name: 'Your photo' }).waitFor()
  await page.getByText('Notes, outing, how many, who sees it').click()
  const note = page.getByLabel('Note', { exact: true })
  await note.fill('In the draft.')
  await page.locator('.safe[aria-busy=false]', { hasText: 'Kept on this device as a draft' }).waitFor()
  await endSession()
  expect(await leftOnDisk(page)).toBe(0)
  await signInAgain()
  await page.getByRole('link', { name: 'Capture', exact: true }).click()
  await page.getByText('Notes, outing, how many, who sees it').click()
  expect(await note.inputValue()).toBe('In the draft.')
  await page.getByRole('button', { name: 'Back to the dex without keeping' }).click()
})

test('of a capture that could not be written down it is left as of any form', async () => {
  const { page } = phone
  const photo = await stage.photos.take({ seed: 3 })
  await page.goto('/capture')
  await page.evaluate((least) => {
    const seal = SubtleCrypto.prototype.encrypt
    SubtleCrypto.prototype.encrypt = function refuse(algorithm, key, data) {
      if (data.byteLength < least) return seal.call(this, algorithm, key, data)
      return Promise.reject(new Error('The device did not want to.'))
    }
  }, photo.bytes.length)
  await choosePicture(page, photo.path)
  await page.getByRole('img', { name: 'Your photo' }).waitFor()
  await page.getByText('Notes, outing, how many, who sees it').click()
  await page.getByLabel('Note', { exact: true }).fill('In no draft.')
  await endSession()
  await signInAgain()
  expect((await leftHere()).map((one) => one.at(-1))).toEqual(['In no draft.'])
  await letGo()
})

test('it is nobody else’s: another account that signs in is shown nothing, and a sign-out takes it away', async () => {
  const { page } = phone
  const form = await edit()
  await form.getByLabel('Note', { exact: true }).fill('Hers alone.')
  await endSession()
  await page.getByRole('button', { name: 'Use another account' }).click()
  await page.getByRole('link', { name: 'Make an account' }).click()
  await fillAccount(page, 'ben')
  await page.getByRole('button', { name: 'Make the account' }).click()
  await page.getByText('Your dex is empty, for now').waitFor()
  await page.reload()
  await page.getByText('Your dex is empty, for now').waitFor()
  const signOut = async () => {
    await page.goto('/settings')
    await page.getByRole('button', { name: 'Sign out', exact: true }).click()
    await sheetOn(page).getByRole('button', { name: 'Sign out', exact: true }).click()
    await page.getByRole('heading', { name: 'Sign in', exact: true }).waitFor()
  }
  await signOut()
  expect(await page.locator('.toast', { hasText: NOTICE }).count()).toBe(0)
  expect(await leftOnDisk(page)).toBe(1)
  await fillAccount(page, 'mara')
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
  expect((await leftHere()).map((one) => one.at(-1))).toEqual(['Hers alone.'])
  await page.getByRole('button', { name: 'Keep it here' }).click()
  await signOut()
  expect(await leftOnDisk(page)).toBe(0)
})
