import type { Page } from 'playwright-core'
import { beforeAll, expect, test } from 'vitest'
import type { Device } from './kit/device.ts'
import { entriesOf } from './kit/owner.ts'
import { capture, openPlate, plate, sheetOn, signUp, writeNote } from './kit/person.ts'
import type { Server } from './kit/server.ts'
import { useStage } from './kit/stage.ts'

const stage = useStage()
let server: Server
let laptop: Device
let one: Page
let two: Page

beforeAll(async () => {
  server = await stage.server()
  laptop = await stage.device(server, { size: 'desktop' })
  await signUp(laptop, 'mara')
  await capture(laptop.page, await stage.photos.take(), { name: 'moose', latin: 'Alces alces', note: 'First.' })
  one = laptop.page
  await plate(one, 'Moose').getByRole('img', { name: 'On the server' }).waitFor()
  two = await laptop.newTab()
  await plate(two, 'Moose').waitFor()
})

/** Whether a page holds the lock of the one that syncs. A lock of its own tells which holder it is. */
const leads = (page: Page): Promise<boolean> =>
  page.evaluate(() =>
    navigator.locks.request(`probe ${Math.random()}`, async (mine) => {
      const { held = [] } = await navigator.locks.query()
      const me = held.find(({ name }) => name === mine?.name)?.clientId
      return held.some(({ name, clientId }) => name?.startsWith('biologidex/') && clientId === me)
    }),
  )

test('of two tabs one leads, and both show every change at once, server or not', async () => {
  expect([await leads(one), await leads(two)]).toEqual([true, false])
  await openPlate(one, 'Moose')
  await openPlate(two, 'Moose')
  server.pause()
  await writeNote(two, 'Written in the second tab.')
  await one.getByText('Written in the second tab.').waitFor()
  await writeNote(one, 'Corrected in the first tab.')
  await two.getByText('Corrected in the first tab.').waitFor()
  for (const page of [one, two]) await plate(page, 'Moose').getByRole('img', { name: 'Saved here' }).waitFor()
  server.resume()
  for (const page of [one, two]) await plate(page, 'Moose').getByRole('img', { name: 'On the server' }).waitFor()
  expect(entriesOf(server).map(({ note }) => note)).toEqual(['Corrected in the first tab.'])
})

test('when the leading tab closes the other takes over', async () => {
  await one.close()
  await expect.poll(() => leads(two)).toBe(true)
  await capture(two, await stage.photos.take({ seed: 2 }), { name: 'wren', latin: 'Troglodytes troglodytes' })
  await plate(two, 'Wren').getByText('No. 0002').waitFor()
  await plate(two, 'Wren').getByRole('img', { name: 'On the server' }).waitFor()
})

test('signing out in one tab signs out the other', async () => {
  const other = await laptop.newTab()
  await plate(other, 'Wren').waitFor()
  await two.goto('/settings')
  await two.getByRole('button', { name: 'Sign out', exact: true }).click()
  await sheetOn(two, 'Sign out of this device?').getByRole('button', { name: 'Sign out', exact: true }).click()
  for (const page of [two, other]) await page.getByRole('heading', { name: 'Sign in' }).waitFor()
})
