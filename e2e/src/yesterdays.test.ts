import { createHash } from 'node:crypto'
import { unpack, YESTERDAYS } from '@biologidex/test-kit/yesterdays'
import { beforeAll, describe, expect, test } from 'vitest'
import type { Device } from './kit/device.ts'
import { entriesOf, imagesOf, Owner } from './kit/owner.ts'
import { openPlate, plate, untilKept } from './kit/person.ts'
import type { Proxy } from './kit/proxy.ts'
import type { Server } from './kit/server.ts'
import { useStage } from './kit/stage.ts'

const stage = useStage()

describe.each(YESTERDAYS)('the browser of $version', (yesterday) => {
  const { browser, username, password } = yesterday
  let server: Server
  let proxy: Proxy
  let phone: Device

  beforeAll(async () => {
    server = await stage.server({ dataDir: await unpack(yesterday, 'server') })
    proxy = await stage.proxy(server)
    phone = await stage.device(proxy, { host: yesterday.host, profile: await unpack(yesterday, 'browser') })
    phone.complaints.expectNoAnswer()
    phone.complaints.expectStatus(401)
  })

  test('shows the dex before it can ask anybody, and what waits over it', async () => {
    const { page } = phone
    proxy.weather = (passing) => (passing.path.startsWith('/api/') ? passing.answerWithPage() : undefined)
    await page.goto('/')
    for (const name of ['Wren', 'Red fox', 'Moose']) await plate(page, name).waitFor()
    await plate(page, 'Hedgehog').getByRole('img', { name: 'Saved here' }).waitFor()
    expect(await openPlate(page, 'Wren')).toBe(browser.entry)
    await page.getByText(browser.note).waitFor()
    await page.goto('/')
    await openPlate(page, 'Hedgehog')
    await page.getByText(browser.photoNote).waitFor()
    await page.goto('/')
    await openPlate(page, 'Moose')
    await page.getByText('Behind the third birch.').waitFor()
  })

  test('sends all of it once its person has signed in again, the capture that was half typed too', async () => {
    const { page } = phone
    proxy.weather = undefined
    await page.goto('/')
    await page.getByRole('heading', { name: `Sign in again, ${username}` }).waitFor()
    await page.getByLabel('Password', { exact: true }).fill(password)
    await page.getByRole('button', { name: 'Sign in', exact: true }).click()
    await plate(page, 'Hedgehog').getByRole('img', { name: 'On the server' }).waitFor()
    await page.goto('/capture')
    await page.getByRole('img', { name: 'Your photo' }).waitFor()
    await page.getByText('Notes, outing, how many, who sees it').click()
    expect(await page.getByLabel('Note', { exact: true }).inputValue()).toBe(browser.begun.note)
    await page.getByRole('button', { name: /^Keep/ }).click()
    await untilKept(page)

    const owner = await Owner.signIn(server, username)
    for (const [sha256, note] of [
      [browser.photo, browser.photoNote],
      [browser.begun.photo, browser.begun.note],
    ] as const) {
      const found = () => imagesOf(server).find((image) => image.sha256 === sha256)
      await expect.poll(() => found()?.state, { timeout: 40_000 }).toBe('ready')
      const image = found()
      if (!image) throw new Error('no picture')
      expect(entriesOf(server).find(({ id }) => id === image.entry_id)?.note).toBe(note)
      expect(
        createHash('sha256')
          .update(await owner.picture(image, 'original'))
          .digest('hex'),
      ).toBe(sha256)
    }
    expect(entriesOf(server).find(({ id }) => id === browser.entry)?.note).toBe(browser.note)
  })
})
