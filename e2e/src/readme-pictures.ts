import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import sharp from 'sharp'
import { closeSharedBrowser, Device } from './kit/device.ts'
import { Owner } from './kit/owner.ts'
import { capture, openPlate, plate, signIn, signUp, writeNote } from './kit/person.ts'
import { Photos } from './kit/photos.ts'
import { paint, SCENES } from './kit/scenes.ts'
import { Server } from './kit/server.ts'

/** Takes the README's pictures of the real app: `node e2e/src/readme-pictures.ts`, with the web app built. */
const OUT = join(import.meta.dirname, '../../docs/pictures')

async function shoot(page: Page, name: string): Promise<void> {
  await page.locator('.toasts:not(:has(.toast))').waitFor({ state: 'attached' })
  await page.waitForFunction(() => [...document.images].every((image) => image.complete && image.naturalWidth > 0))
  await sharp(await page.screenshot())
    .png({ palette: true, quality: 90, effort: 10 })
    .toFile(join(OUT, name))
}

/** Keeps every scene, and one of them again; the third number is somebody else's, so that the wall has a gap. */
async function fillDex(server: Server, phone: Device, photos: Photos): Promise<void> {
  const neighbour = await Owner.signUp(server, 'Ben')
  const again = SCENES.slice(1, 2)
  for (const [i, scene] of [...SCENES, ...again].entries()) {
    if (i === 2) await neighbour.keep(1, () => 'Lacerta agilis')
    const taken = `2026:0${4 + (i % 5)}:${10 + i} 0${6 + (i % 3)}:1${i % 10}:00`
    const photo = await photos.file(`${i}.jpg`, await paint(scene, taken))
    await capture(phone.page, photo, { name: scene.latin, latin: scene.latin })
    await phone.page.getByText(/^Up to date/).waitFor()
  }
}

await mkdir(OUT, { recursive: true })
const server = await Server.open()
const photos = await Photos.open()
const phone = await Device.open(server, { scale: 2 })
const desktop = await Device.open(server, { size: 'desktop' })
try {
  await signUp(phone, 'Mara')
  await fillDex(server, phone, photos)
  await phone.page.goto('/')
  await plate(phone.page, 'Red fox').getByText('2 ×').waitFor()
  await shoot(phone.page, 'wall-phone.png')
  await signIn(desktop, 'Mara')
  await openPlate(desktop.page, 'Red fox')
  await writeNote(desktop.page, 'Crossed the path right in front of me, stopped, looked back, and went on into the reeds.')
  await desktop.page.getByRole('button', { name: 'Favourite, off' }).click()
  await desktop.page.getByText(/^Up to date/).waitFor()
  await shoot(desktop.page, 'wall-desktop.png')
} finally {
  await phone.discard()
  await desktop.discard()
  await closeSharedBrowser()
  await photos.remove()
  await server.close()
}
