import { heicLike, html, svg, truncatedJpeg } from '@biologidex/test-kit/pictures'
import { beforeAll, expect, test } from 'vitest'
import type { Device } from './kit/device.ts'
import { entriesOf, imagesOf } from './kit/owner.ts'
import { choosePicture, pick, signUp } from './kit/person.ts'
import type { Server } from './kit/server.ts'
import { useStage } from './kit/stage.ts'

const stage = useStage()
let server: Server
let phone: Device

beforeAll(async () => {
  server = await stage.server()
  phone = await stage.device(server)
  await signUp(phone, 'mara')
})

const NOT_A_PICTURE = 'This file is not a picture. Choose a JPEG, PNG, WebP, AVIF, GIF or HEIC.'
const NOT_TAKEN = 'This kind of picture is not taken. Choose a JPEG, PNG, WebP, AVIF, GIF or HEIC.'
const TOO_LARGE = 'The picture is larger than 50 MB. Choose a smaller one.'

test('what is no picture is refused with a helpful sentence, and nothing typed is lost', async () => {
  const { page } = phone
  await page.goto('/capture')
  await choosePicture(page, (await stage.photos.take()).path)
  await page.getByRole('img', { name: 'Your photo' }).waitFor()
  await pick(page, 'moose', 'Alces alces')
  await page.getByText('Notes, outing, how many, who sees it').click()
  await page.getByLabel('Note', { exact: true }).fill('By the lake.')

  const files = [
    [(await stage.photos.file('drawing.svg', svg())).path, NOT_TAKEN],
    [(await stage.photos.file('page.jpg', html())).path, NOT_A_PICTURE],
    [(await stage.photos.file('letter.txt', Buffer.from('Dear Mara, …'))).path, NOT_A_PICTURE],
    [await stage.photos.huge(50_000_001), TOO_LARGE],
  ] as const
  for (const [path, sentence] of files) {
    await choosePicture(page, path)
    await page.getByRole('alert').filter({ hasText: sentence }).waitFor()
    await page.getByRole('img', { name: 'Your photo' }).waitFor()
    expect(await page.getByLabel('Note', { exact: true }).inputValue()).toBe('By the lake.')
    expect(await page.getByRole('radio', { name: 'Moose' }).first().getAttribute('aria-checked')).toBe('true')
  }
  await page.getByRole('button', { name: 'Keep Moose' }).click()
  await page.getByText('Kept Moose.').waitFor()
  await expect.poll(() => imagesOf(server).map(({ state }) => state)).toEqual(['ready'])
  expect(entriesOf(server).map(({ note }) => note)).toEqual(['By the lake.'])
})

test('a first file that is no picture says so where the photo would be', async () => {
  const { page } = phone
  await page.goto('/capture')
  await choosePicture(page, (await stage.photos.file('page.jpg', html())).path)
  await page.getByRole('alert').filter({ hasText: NOT_A_PICTURE }).waitFor()
  await page.getByRole('button', { name: 'Choose a picture' }).waitFor()
})

test.each([
  ['a damaged JPEG', 'damaged.jpg', () => truncatedJpeg({ width: 400, height: 300 }), 'picture_damaged', /damaged/],
  [
    'a HEIC',
    'photo.heic',
    async () => heicLike(40_000),
    'picture_format_later',
    /HEIC pictures are kept but cannot be shown yet/,
  ],
])('%s is kept with what was typed, and its entry says why it is not shown', async (_what, name, make, reason, sentence) => {
  const { page } = phone
  await page.goto('/capture')
  const file = await stage.photos.file(name, await make())
  await choosePicture(page, file.path)
  await page.getByRole('button', { name: 'Keep, name it later' }).waitFor()
  await page.getByText('Notes, outing, how many, who sees it').click()
  await page.getByLabel('Note', { exact: true }).fill(`What I saw: ${name}`)
  await page.getByRole('button', { name: 'Keep, name it later' }).click()
  await page.getByText('Kept. Name it whenever you like.').waitFor()
  const its = () => imagesOf(server).find(({ sha256 }) => sha256 === file.sha256)
  await expect.poll(its).toMatchObject({ state: 'failed', reason })
  const entry = entriesOf(server).find(({ id }) => id === its()?.entry_id)
  expect(entry?.note).toBe(`What I saw: ${name}`)
  await page.goto(`/entry/${entry?.id}`)
  await page.getByRole('status').filter({ hasText: sentence }).waitFor()
  await page.getByText(`What I saw: ${name}`).waitFor()
})
