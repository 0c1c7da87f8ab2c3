import { join } from 'node:path'
import { type OldAnimal, oldPicture, v2Files, writeFiles } from '@biologidex/test-kit/old-client'
import { makeZip, zipOf } from '@biologidex/test-kit/zips'
import { beforeAll, expect, test } from 'vitest'
import type { Device } from './kit/device.ts'
import { entriesOf, imagesOf } from './kit/owner.ts'
import { plate, signUp } from './kit/person.ts'
import type { Server } from './kit/server.ts'
import { useStage } from './kit/stage.ts'

const ME = '0b3c4d5e-1111-4222-8333-444455556666'
const FRIEND = '9a8b7c6d-1111-4222-8333-444455556666'
const stage = useStage()
let server: Server
let phone: Device
let files: ReturnType<typeof v2Files>

beforeAll(async () => {
  server = await stage.server()
  phone = await stage.device(server)
  const old = [
    { index: 3, scientific: 'Vulpes vulpes', common: 'Red fox', caught: '2025-05-01T07:10:00+02:00' },
    { index: 12, scientific: 'Alces alces', common: 'Moose', caught: '2024-11-20T00:00:00Z' },
    { index: 17, scientific: 'Erinaceus europaeus', common: 'European hedgehog' },
  ]
  const mine = await Promise.all(
    old.map(async (one, i): Promise<OldAnimal> => ({ ...one, picture: await oldPicture(i + 1, { width: 400, height: 300 }) })),
  )
  const friends = [{ index: 5, scientific: 'Lynx lynx', common: 'Eurasian lynx' }]
  files = v2Files({ [ME]: [...mine, { index: 20, scientific: 'Meles meles', common: 'Badger' }], [FRIEND]: friends })
  await signUp(phone, 'mara')
  await phone.shellInstalled()
})

/** Chooses a zip and waits for words. */
async function look(words: string | RegExp, name: string, zip: Buffer): Promise<void> {
  const { path } = await stage.photos.file(name, zip)
  await phone.page.locator('input[name=old-files]').setInputFiles(path)
  await phone.page.getByText(words).waitFor()
}

test('a hostile zip does nothing, and is said', async () => {
  const { page } = phone
  await page.goto('/settings')
  await page.getByRole('link', { name: 'Bring in old data' }).click()
  const up = makeZip([{ name: '../a_dex.json', bytes: Buffer.from('{"records":[]}') }])
  await look('This zip holds files that want to lie outside of it.', 'up.zip', up)
  const half = [...zipOf(files).subarray(0, 900)]
  const dropped = await page.evaluateHandle((bytes) => {
    const data = new DataTransfer()
    data.items.add(new File([new Uint8Array(bytes)], 'half.zip'))
    return data
  }, half)
  await page.dispatchEvent('#content', 'drop', { dataTransfer: dropped })
  await page.getByText('This zip is damaged or not whole.').waitFor()
})

test('a zip is looked at, what is one’s own is said, and only then are there entries, with their pictures', async () => {
  const { page } = phone
  await look('There is nothing to bring in', 'old.zip', zipOf(files))
  await page.getByRole('listitem').filter({ hasText: ME }).getByLabel('This is mine').check()
  await page.getByText('4 records can come in').waitFor()
  await page.getByText('New entries are seen by your friends').waitFor()
  await page.getByText('Comes without a picture').waitFor()
  expect(entriesOf(server)).toEqual([])
  await phone.offline(true)
  await page.getByRole('button', { name: 'Bring in 4 records' }).click()
  await page.getByText('4 entries came in, with 3 pictures').waitFor()
  await page.getByRole('link', { name: 'See them in your dex' }).click()
  await plate(page, 'Red fox').locator('img').first().waitFor()
  expect(entriesOf(server)).toEqual([])
  await phone.offline(false)
  for (const name of ['Red fox', 'Moose', 'European hedgehog'])
    await plate(page, name).getByRole('img', { name: 'On the server' }).waitFor()
  await plate(page, 'Eurasian lynx').waitFor({ state: 'detached' })
  await expect.poll(() => imagesOf(server).filter(({ state }) => state === 'ready').length).toBe(3)
})

test('a second time, as a folder, all of it is here already', async () => {
  const { page } = phone
  await page.goto('/import')
  const { path } = await stage.photos.file('marker', Buffer.alloc(0))
  const folder = join(path, '../old client')
  files.delete(`dex_data/${FRIEND}_dex.json`)
  await writeFiles(folder, files)
  await page.locator('input[name=old-folder]').setInputFiles(folder)
  await page.getByText('There is nothing to bring in').waitFor()
  await page.getByText('In your dex already', { exact: true }).waitFor()
  expect(entriesOf(server)).toHaveLength(4)
})
