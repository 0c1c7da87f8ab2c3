import type { Page } from 'playwright-core'
import type { Device } from './device.ts'
import type { PhotoFile } from './photos.ts'

export const PASSWORD = 'correct horse battery'

/** Makes an account on the sign-up page, and waits for the dex. */
export async function signUp(device: Device, username: string): Promise<void> {
  const { page } = device
  await page.goto('/sign-up')
  await fillAccount(page, username)
  await page.getByRole('button', { name: 'Make the account' }).click()
  await page.getByText('Your dex is empty, for now').waitFor()
}

/** Signs in on the sign-in page, and waits for the wall. */
export async function signIn(device: Device, username: string, password = PASSWORD): Promise<void> {
  const { page } = device
  await page.goto('/sign-in')
  await fillAccount(page, username, password)
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
  await page.getByText(`${username}’s dex`).waitFor()
}

export async function fillAccount(page: Page, username: string, password = PASSWORD): Promise<void> {
  await page.getByLabel('User name').fill(username)
  await page.getByLabel('Password', { exact: true }).fill(password)
}

/** To the capture page, as people go there: by its link, which takes far less than loading the app anew. */
async function toCapture(page: Page): Promise<void> {
  const link = page.getByRole('link', { name: 'Capture', exact: true })
  if (await link.isVisible()) await link.click()
  else await page.goto('/capture')
}

/** On the capture page: chooses a picture from the device. */
export async function choosePicture(page: Page, path: string): Promise<void> {
  await page.locator('input[type=file][name=library]').setInputFiles(path)
}

/** On the capture page, with a photo: searches for an animal and picks it. */
export async function pick(page: Page, name: string, latin: string): Promise<void> {
  await page.getByRole('searchbox', { name: 'Search for another animal' }).fill(name)
  await page.getByRole('radio', { name: latin }).first().click()
}

/** What most entries are: a photo, an animal, kept. Resolves when the wall is there again. */
export async function capture(
  page: Page,
  photo: PhotoFile,
  animal?: { readonly name: string; readonly latin: string; readonly note?: string },
): Promise<void> {
  await toCapture(page)
  await choosePicture(page, photo.path)
  await page.getByRole('img', { name: 'Your photo' }).waitFor()
  if (animal) await pick(page, animal.name, animal.latin)
  if (animal?.note) {
    await page.getByText('Notes, outing, how many, who sees it').click()
    await page.getByLabel('Note', { exact: true }).fill(animal.note)
  }
  await page.getByRole('button', { name: /^Keep/ }).click()
  await untilKept(page)
}

/** After a tap on Keep: resolves when it is kept. The word of the one before may still stand there: its button tells. */
export async function untilKept(page: Page): Promise<void> {
  await page.locator('.keep:disabled').waitFor({ state: 'detached' })
  await page.locator('.toast', { hasText: /^Kept/ }).waitFor()
}

/** Opens the plate of an animal from the wall; answers the id of its entry. */
export async function openPlate(page: Page, name: string): Promise<string> {
  await plate(page, name).click()
  await page.getByRole('heading', { level: 1, name }).waitFor()
  return page.url().split('/').at(-1) ?? ''
}

/** The plate of an animal on the wall. */
export const plate = (page: Page, name: string) => page.locator('.plate', { hasText: name })

/** The sheet that is open. A toast is a dialog to a screen reader too: no sheet is found by that alone. */
export const sheetOn = (page: Page, name?: string) =>
  page.getByRole('dialog', name === undefined ? {} : { name }).and(page.locator('.sheet'))

/** On an entry: writes its note, and saves. */
export async function writeNote(page: Page, note: string): Promise<void> {
  await page.getByRole('button', { name: 'Change this entry' }).click()
  await sheetOn(page, 'Change this entry').getByLabel('Note', { exact: true }).fill(note)
  await page.getByRole('button', { name: 'Save', exact: true }).click()
  await sheetOn(page, 'Change this entry').waitFor({ state: 'hidden' })
}
