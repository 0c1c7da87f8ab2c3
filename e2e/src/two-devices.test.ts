import { beforeAll, expect, test } from 'vitest'
import type { Device } from './kit/device.ts'
import { entriesOf, Owner } from './kit/owner.ts'
import { capture, openPlate, plate, signUp, writeNote } from './kit/person.ts'
import type { Server } from './kit/server.ts'
import { useStage } from './kit/stage.ts'

const stage = useStage()
let server: Server
let phone: Device
let laptop: Device
let wren = ''

beforeAll(async () => {
  server = await stage.server()
  phone = await stage.device(server)
  laptop = await stage.device(server, { size: 'desktop' })
})

/** Everything that the line about sync ever says on this page. */
async function listenToSync(device: Device): Promise<() => Promise<string[]>> {
  await device.page.evaluate(() => {
    const said: string[] = []
    Object.assign(window, { said })
    const look = () => said.push(document.querySelector('.sync-line .says')?.textContent ?? '')
    new MutationObserver(look).observe(document.body, { subtree: true, childList: true, characterData: true })
  })
  return () => device.page.evaluate(() => (window as unknown as { said: string[] }).said)
}

test('a dex arrives on a second device with a count', async () => {
  await signUp(phone, 'mara')
  await capture(phone.page, await stage.photos.take(), { name: 'wren', latin: 'Troglodytes troglodytes' })
  await plate(phone.page, 'wren').getByRole('img', { name: 'On the server' }).waitFor()
  await (await Owner.signIn(server, 'mara')).keep(1_200, () => 'Passer domesticus')

  await laptop.page.goto('/sign-in')
  const said = await listenToSync(laptop)
  await laptop.page.getByLabel('User name').fill('mara')
  await laptop.page.getByLabel('Password', { exact: true }).fill('correct horse battery')
  await laptop.page.getByRole('button', { name: 'Sign in', exact: true }).click()
  await laptop.page.getByText('1,201 sightings').waitFor()
  await laptop.page.getByText(/^Updated 1,20\d entries$/).waitFor()
  expect((await said()).filter((text) => /^[\d,]+ of [\d,]+ arriving$/.test(text))).not.toEqual([])
  await plate(laptop.page, 'Wren').getByRole('img', { name: 'On the server' }).waitFor()
  await plate(laptop.page, 'House sparrow').getByText('1200 ×').waitFor()
})

test('an edit on one shows on the other without a reload', async () => {
  wren = await openPlate(phone.page, 'Wren')
  await openPlate(laptop.page, 'Wren')
  await writeNote(laptop.page, 'Sang from the woodpile.')
  await phone.page.getByText('Sang from the woodpile.').waitFor()
  await laptop.page.getByRole('button', { name: 'Favourite, off' }).click()
  await phone.page.getByRole('button', { name: 'Favourite, on' }).waitFor()
  expect(server.rows('SELECT note, favourite FROM entries WHERE id = ?', wren)).toEqual([
    { note: 'Sang from the woodpile.', favourite: 1 },
  ])
})

test('deleting can be undone, and both devices follow', async () => {
  await laptop.page.getByRole('button', { name: 'Change this entry' }).click()
  await laptop.page.getByRole('button', { name: 'Delete this entry' }).click()
  await laptop.page.getByText('Deleted. It can be brought back for 30 days.').waitFor()
  await phone.page.getByText('This entry is not here').waitFor()
  await plate(laptop.page, 'Wren').waitFor({ state: 'detached' })
  expect(entriesOf(server).find(({ id }) => id === wren)?.deleted_at).toBeTypeOf('number')

  await laptop.page.getByRole('button', { name: 'Undo' }).click()
  await plate(laptop.page, 'Wren').waitFor()
  await phone.page.getByText('Sang from the woodpile.').waitFor()
  await expect.poll(() => entriesOf(server).find(({ id }) => id === wren)?.deleted_at).toBeNull()
})

test('two devices that wrote the same note offline keep both texts until somebody chooses', async () => {
  await openPlate(laptop.page, 'Wren')
  for (const device of [phone, laptop]) await device.offline(true)
  await writeNote(phone.page, 'Sang from the woodpile, then from the roof.')
  await writeNote(laptop.page, 'Sang from the woodpile. Two of them.')
  await phone.offline(false)
  await expect.poll(() => entriesOf(server).find(({ id }) => id === wren)?.note).toMatch(/roof/)
  await laptop.offline(false)
  await expect.poll(() => server.rows('SELECT * FROM conflicts')).toHaveLength(1)

  for (const { page } of [phone, laptop]) {
    await page.goto('/tray')
    await page.getByText('You changed the note on two devices before they could meet.').waitFor()
    await page.getByText('Sang from the woodpile, then from the roof.').waitFor()
    await page.getByText('Sang from the woodpile. Two of them.').waitFor()
  }
  await phone.page.getByRole('button', { name: 'Use this one' }).click()
  for (const { page } of [phone, laptop]) await page.getByText('Nothing needs you').waitFor()
  await expect.poll(() => entriesOf(server).find(({ id }) => id === wren)?.note).toBe('Sang from the woodpile. Two of them.')
  expect(server.rows('SELECT * FROM conflicts')).toEqual([])
  await laptop.page.goto(`/entry/${wren}`)
  await laptop.page.getByRole('article').getByText('Sang from the woodpile. Two of them.').waitFor()
})
