import { QUARTERS } from '@biologidex/test-kit/pictures'
import sharp from 'sharp'
import { beforeAll, expect, test } from 'vitest'
import type { Device } from './kit/device.ts'
import { entriesOf, imagesOf, Owner } from './kit/owner.ts'
import { fillAccount, openPlate, pick, plate } from './kit/person.ts'
import type { Server } from './kit/server.ts'
import { useStage } from './kit/stage.ts'

const stage = useStage()
let server: Server
let phone: Device

beforeAll(async () => {
  server = await stage.server()
  phone = await stage.device(server)
})

/** Counts what a person does with a finger from now on. */
async function countTaps(): Promise<() => Promise<number>> {
  await phone.page.evaluate(() => {
    const counted = { taps: 0 }
    Object.assign(window, { counted })
    document.addEventListener('click', (event) => (counted.taps += event.isTrusted ? 1 : 0), { capture: true })
  })
  return () => phone.page.evaluate(() => (window as unknown as { counted: { taps: number } }).counted.taps)
}

/** Colours in the middle of a picture's quarters, reading order. */
async function quartersOf(picture: Buffer): Promise<number[][]> {
  const pixels = await sharp(picture).resize(4, 4, { fit: 'fill' }).removeAlpha().raw().toBuffer()
  return [0, 3, 12, 15].map((at) => [...pixels.subarray(at * 3, at * 3 + 3)])
}

async function expectUpright(picture: Buffer, longest: number): Promise<void> {
  const { width, height, exif, icc, xmp, iptc } = await sharp(picture).metadata()
  expect([width, height]).toEqual([(longest * 3) / 4, longest])
  expect({ exif, icc, xmp, iptc }).toEqual({ exif: undefined, icc: undefined, xmp: undefined, iptc: undefined })
  const colours = await quartersOf(picture)
  for (const [i, colour] of QUARTERS.entries())
    for (const [c, value] of colour.entries()) expect(Math.abs((colours[i]?.[c] ?? 0) - value)).toBeLessThan(40)
}

test('the first person here becomes the admin and finds an empty dex', async () => {
  const { page } = phone
  await page.goto('/')
  await page.getByText('You are the first here: this account will be the admin.').waitFor()
  await fillAccount(page, 'mara')
  await page.getByRole('button', { name: 'Make the account' }).tap()
  await page.getByText('Your dex is empty, for now').waitFor()
  expect(server.rows('SELECT username, role FROM accounts')).toEqual([{ username: 'mara', role: 'admin' }])
  const cookies = await phone.context.cookies()
  expect(cookies.map(({ httpOnly, sameSite }) => ({ httpOnly, sameSite }))).toEqual([{ httpOnly: true, sameSite: 'Lax' }])
})

test('a photo of twelve megapixels: read, searched, kept, on the wall at once, numbered by the server', async () => {
  const { page } = phone
  const photo = await stage.photos.take({ width: 3000, height: 4000, orientation: 6, taken: '2026:09:14 07:10:31' })
  const chooser = page.waitForEvent('filechooser')
  await page.getByRole('link', { name: 'Capture your first animal' }).tap()
  await (await chooser).setFiles(photo.path)

  const shot = page.getByRole('img', { name: 'Your photo' })
  await shot.waitFor()
  await expect.poll(() => shot.evaluate((img: HTMLImageElement) => [img.naturalWidth, img.naturalHeight])).toEqual([3000, 4000])
  await page.getByRole('button', { name: 'Date: 14 Sept 2026, 07:10 from the photo' }).waitFor()
  await page.getByRole('button', { name: 'Place: 52.516° N, 13.378° E from the photo' }).waitFor()
  await pick(page, 'moose', 'Alces alces')

  server.pause()
  await page.getByRole('button', { name: 'Keep Moose' }).tap()
  const moose = plate(page, 'Moose')
  await moose.waitFor()
  await expect.poll(() => moose.innerText()).toMatch(/No\. —\s+Moose\s+Alces alces/)
  await moose.getByRole('img', { name: 'Saved here' }).waitFor()
  const onPlate = moose.locator('img')
  await expect
    .poll(() => onPlate.evaluate((img: HTMLImageElement) => [img.naturalWidth, img.naturalHeight]))
    .toEqual([384, 512])
  expect(entriesOf(server)).toEqual([])

  server.resume()
  await moose.getByText('No. 0001').waitFor()
  await moose.getByRole('img', { name: 'On the server' }).waitFor()
  const [entry] = entriesOf(server)
  expect(JSON.parse(entry?.observed ?? '')).toEqual({ at: '2026-09-14T07:10', zone: 120 })
  expect(JSON.parse(entry?.place ?? '')).toMatchObject({ lat: 52.5163, lon: 13.3777 })
  await expect.poll(() => imagesOf(server).map(({ state }) => state)).toEqual(['ready'])

  const owner = await Owner.signIn(server, 'mara')
  const [image] = imagesOf(server)
  if (!image) throw new Error('no image')
  expect((await owner.picture(image, 'original')).equals(photo.bytes)).toBe(true)
  await expectUpright(await owner.picture(image, 'wall'), 512)
  await expectUpright(await owner.picture(image, 'screen'), 1600)
})

test('its entry shows it upright, with number, names, date and place', async () => {
  const { page } = phone
  await openPlate(page, 'Moose')
  const text = await page.getByRole('article').innerText()
  expect(text).toMatch(/No\. 0001 · sighting 1 of 1/)
  expect(text).toContain('Alces alces')
  expect(text).toMatch(/14 September 2026/)
  expect(text).toMatch(/52\.516° N, 13\.378° E/)
  const picture = page.getByRole('img', { name: 'Your picture of Moose' })
  await expect
    .poll(() => picture.evaluate((img: HTMLImageElement) => img.naturalHeight / img.naturalWidth))
    .toBeCloseTo(4 / 3, 1)
})

test('an animal met again takes three taps with the camera, and one plate counts both', async () => {
  const { page } = phone
  await page.goto('/')
  const taps = await countTaps()
  const chooser = page.waitForEvent('filechooser')
  await page.getByRole('link', { name: 'Capture' }).tap()
  await (await chooser).setFiles((await stage.photos.take({ seed: 2 })).path)
  await page.getByRole('radio', { name: 'Moose' }).tap()
  await page.getByRole('button', { name: 'Keep Moose' }).tap()
  await page.getByText('Kept Moose.').waitFor()
  // The camera's own click is the app's, not the person's.
  expect(await taps()).toBe(3)
  await plate(page, 'Moose').getByText('2 ×').waitFor()
  await plate(page, 'Moose').getByRole('img', { name: 'On the server' }).waitFor()
  expect(server.rows('SELECT count(DISTINCT animal_id) animals, count(*) entries FROM entries')).toEqual([
    { animals: 1, entries: 2 },
  ])
})
