import { beforeAll, expect, test } from 'vitest'
import type { Device } from './kit/device.ts'
import { capture, openPlate, plate, signUp } from './kit/person.ts'
import type { Server } from './kit/server.ts'
import { useStage } from './kit/stage.ts'

const stage = useStage()
let server: Server
let phone: Device

beforeAll(async () => {
  server = await stage.server()
  phone = await stage.device(server, { profile: true })
  await signUp(phone, 'mara')
  await phone.shellInstalled()
})

interface Manifest {
  readonly name: string
  readonly start_url: string
  readonly display: string
  readonly icons: readonly { readonly src: string; readonly sizes: string; readonly type: string; readonly purpose?: string }[]
}

test('the browser finds nothing that keeps the app from being installed', async () => {
  const devtools = await phone.context.newCDPSession(phone.page)
  const { errors, data = '' } = await devtools.send('Page.getAppManifest')
  expect(errors).toEqual([])
  // Incognito is how a fresh test profile counts for the browser; all else would be the app's fault.
  const { installabilityErrors } = await devtools.send('Page.getInstallabilityErrors')
  expect(installabilityErrors.filter(({ errorId }) => errorId !== 'in-incognito')).toEqual([])

  const manifest = JSON.parse(data) as Manifest
  expect(manifest).toMatchObject({ name: 'BiologiDex', start_url: '/', display: 'standalone' })
  expect(manifest.icons.some(({ purpose }) => purpose === 'maskable')).toBe(true)
  for (const { src, sizes, type } of manifest.icons) {
    const size = await phone.page.evaluate(async (path) => {
      const answer = await fetch(path)
      const image = new Image()
      image.src = URL.createObjectURL(await answer.blob())
      await image.decode()
      return { type: answer.headers.get('content-type'), sizes: `${image.naturalWidth}x${image.naturalHeight}` }
    }, src)
    expect(size.type).toBe(type)
    if (sizes !== 'any') expect(size.sizes).toBe(sizes)
  }
})

test('after a reload the service worker holds the shell, and any address opens without a server', async () => {
  const { page } = phone
  await capture(page, await stage.photos.take(), { name: 'moose', latin: 'Alces alces' })
  await plate(page, 'Moose').getByRole('img', { name: 'On the server' }).waitFor()
  const entry = await openPlate(page, 'Moose')
  await page.reload()
  expect(await page.evaluate(() => navigator.serviceWorker.controller?.scriptURL)).toBe(`${server.origin}/service-worker.js`)

  phone.complaints.expectNoAnswer()
  await server.kill()
  const addresses = [
    [`/entry/${entry}`, 'Alces alces'],
    ['/capture', 'What did you meet?'],
    ['/tray', 'Nothing needs you'],
    ['/settings', 'Signed in as'],
    ['/no/such/place', 'Nothing here'],
  ] as const
  for (const [path, words] of addresses) {
    await page.goto(path)
    await page.getByText(words).first().waitFor()
  }
  await page.goto('/')
  await plate(page, 'Moose').waitFor()
  const fonts = await page.evaluate(() => document.fonts.ready.then((all) => [...all].map(({ status }) => status)))
  expect(fonts.filter((status) => status === 'error')).toEqual([])
})

test('what the caches hold is the shell, and nothing that anybody kept', async () => {
  const cached = await phone.page.evaluate(async () => {
    const caches_ = await Promise.all((await caches.keys()).map((name) => caches.open(name)))
    const requests = await Promise.all(caches_.map((cache) => cache.keys()))
    return requests.flat().map(({ url }) => new URL(url).pathname)
  })
  expect(cached).toContain('/index.html')
  expect(cached.filter((path) => path.startsWith('/api/'))).toEqual([])
})
