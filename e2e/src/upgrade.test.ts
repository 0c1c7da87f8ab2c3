import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { WEB_ROOT } from '@biologidex/server/http/web-app'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { copyOfTree, type TreeCopy } from '../../scripts/tree-copy.ts'
import { buildWeb } from '../../scripts/web-build.ts'
import type { Device } from './kit/device.ts'
import { entriesOf, imagesOf } from './kit/owner.ts'
import { capture, choosePicture, openPlate, plate, signUp, writeNote } from './kit/person.ts'
import type { Proxy } from './kit/proxy.ts'
import type { Server } from './kit/server.ts'
import { useStage } from './kit/stage.ts'

const stage = useStage()
const OLD_WORDS = 'Kept on this device as a draft until you keep it'
const NEW_WORDS = 'Kept here as a draft, says the new version'
let root = ''
let next: TreeCopy
let server: Server
let proxy: Proxy
let phone: Device

/** The app as the next version would be: one sentence is another. */
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'biologidex-web-'))
  await cp(process.env.WEB_ROOT ?? WEB_ROOT, root, { recursive: true })
  next = await copyOfTree()
  const words = join(next.path, 'apps/web/src/app/messages/en/entries.ts')
  const before = await readFile(words, 'utf8')
  if (!before.includes(OLD_WORDS)) throw new Error(`the app says ${OLD_WORDS} no more`)
  await writeFile(words, before.replace(OLD_WORDS, NEW_WORDS))
  await buildWeb(next.path)
  server = await stage.server({ env: { WEB_ROOT: root } })
  proxy = await stage.proxy(server)
  phone = await stage.device(proxy, { profile: true })
}, 200_000)
afterAll(async () => {
  next?.remove()
  await rm(root, { recursive: true, force: true })
})

/** The server restarts with the new app, as after an update. */
async function release(): Promise<void> {
  await rm(root, { recursive: true })
  await cp(join(next.path, 'apps/web/dist'), root, { recursive: true })
  await server.kill()
  await server.start()
}

test('a new version takes over while work is unsent and a capture is half typed, and nothing of it is lost', async () => {
  const { page } = phone
  await signUp(phone, 'mara')
  await phone.shellInstalled()
  await capture(page, await stage.photos.take(), { name: 'wren', latin: 'Troglodytes troglodytes' })
  await plate(page, 'Wren').getByRole('img', { name: 'On the server' }).waitFor()
  await page.reload()

  phone.complaints.expectNoAnswer()
  proxy.weather = (passing) => (passing.path.startsWith('/api/') ? passing.answerWithPage() : undefined)
  await openPlate(page, 'Wren')
  await writeNote(page, 'Unsent words.')
  await capture(page, await stage.photos.take({ seed: 2 }), { name: 'red fox', latin: 'Vulpes vulpes' })
  const half = await stage.photos.take({ seed: 3 })
  await page.goto('/capture')
  await choosePicture(page, half.path)
  await page.getByRole('img', { name: 'Your photo' }).waitFor()
  await page.getByText('Notes, outing, how many, who sees it').click()
  await page.getByLabel('Note', { exact: true }).fill('Half typed')
  await page.getByText(OLD_WORDS).waitFor()

  await release()
  await page.evaluate(async () => (await navigator.serviceWorker.ready).update())
  await page.getByText('A new version is ready.').waitFor()
  await page.getByLabel('Note', { exact: true }).fill('Half typed, and a word more')
  // Where the old one is not done yet, the page is loaded anew all the same.
  await page.evaluate(() => {
    ServiceWorker.prototype.postMessage = () => undefined
  })
  const loaded = page.waitForEvent('load')
  await page.getByRole('button', { name: 'Reload' }).click()
  await loaded
  await page.getByText('A new version is ready.').waitFor()
  await page.getByRole('button', { name: 'Reload' }).click()

  await page.getByText(NEW_WORDS).waitFor()
  await page.getByRole('img', { name: 'Your photo' }).waitFor()
  await page.getByText('Notes, outing, how many, who sees it').click()
  expect(await page.getByLabel('Note', { exact: true }).inputValue()).toBe('Half typed, and a word more')
  expect(entriesOf(server).map(({ note }) => note)).toEqual([null])

  await page.getByRole('button', { name: /^Keep/ }).click()
  await page.getByText(/^Kept/).waitFor()
  proxy.weather = undefined
  await page.getByRole('button', { name: 'Sync now' }).click()
  await expect.poll(() => imagesOf(server).filter(({ state }) => state === 'ready').length, { timeout: 40_000 }).toBe(3)
  const notes = entriesOf(server).map(({ note }) => note ?? '')
  expect(notes.sort()).toEqual(['', 'Half typed, and a word more', 'Unsent words.'])
  expect(imagesOf(server).map(({ sha256 }) => sha256)).toContain(half.sha256)

  await page.goto('/capture')
  await page.getByText('What did you meet?').waitFor()
})

test('a capture that was begun is there again after the browser was closed; left on purpose, it is gone', async () => {
  await choosePicture(phone.page, (await stage.photos.take({ seed: 4 })).path)
  await phone.page.locator('.safe[aria-busy=false]', { hasText: NEW_WORDS }).waitFor()
  await phone.stop()
  await phone.start()
  const { page } = phone
  await page.goto('/capture')
  await page.locator('.safe[aria-busy=false]', { hasText: NEW_WORDS }).waitFor()
  await page.getByRole('button', { name: 'Back to the dex without keeping' }).click()
  await plate(page, 'Wren').waitFor()
  await page.goto('/capture')
  await page.getByText('What did you meet?').waitFor()
  await page.reload()
  await page.getByText('What did you meet?').waitFor()
  expect(await page.getByRole('img', { name: 'Your photo' }).count()).toBe(0)
})
