import { cp, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Yesterday } from '@biologidex/test-kit/yesterdays'
import type { Device } from '../device.ts'
import { capture, choosePicture, openPlate, writeNote } from '../person.ts'
import type { Photos } from '../photos.ts'
import type { Proxy } from '../proxy.ts'
import { SMALL } from './small.ts'

/** Of a profile, what sites store in it; all else is the browser's own. */
const STORED = ['IndexedDB', 'Local Storage', 'Service Worker/CacheStorage', 'WebStorage']

const NOTES = { changed: 'Typed on the bus.', photo: 'Seen from the bus.', begun: 'Half typed' }

/** Log files of LevelDB tell where they lay, and nothing else. */
async function dropLogs(folder: string): Promise<void> {
  for (const file of await readdir(folder, { withFileTypes: true, recursive: true }))
    if (/^LOG(\.old)?$/.test(file.name)) await rm(join(file.parentPath, file.name))
}

/** What a phone keeps that lost its server: a changed note, a new entry with a photo, a capture half typed. */
export async function leavePhone(
  folder: string,
  phone: Device,
  proxy: Proxy,
  photos: Photos,
): Promise<Omit<Yesterday['browser'], 'entry'>> {
  const { page } = phone
  await page.goto('/')
  proxy.weather = (passing) => (passing.path.startsWith('/api/') ? passing.answerWithPage() : undefined)
  await openPlate(page, 'Wren')
  await writeNote(page, NOTES.changed)
  const [waiting, begun] = [await photos.take({ ...SMALL, seed: 4 }), await photos.take({ ...SMALL, seed: 5 })]
  await capture(page, waiting, { name: 'hedgehog', latin: 'Erinaceus europaeus', note: NOTES.photo })
  await page.goto('/capture')
  await choosePicture(page, begun.path)
  await page.getByRole('img', { name: 'Your photo' }).waitFor()
  await page.getByText('Notes, outing, how many, who sees it').click()
  await page.getByLabel('Note', { exact: true }).fill(NOTES.begun)
  await page.locator('.safe[aria-busy=false]', { hasText: 'Kept on this device as a draft' }).waitFor()
  await phone.stop()
  for (const name of STORED) {
    await cp(join(phone.profile, 'Default', name), join(folder, 'Default', name), { recursive: true })
  }
  await dropLogs(folder)
  return {
    note: NOTES.changed,
    photo: waiting.sha256,
    photoNote: NOTES.photo,
    begun: { note: NOTES.begun, photo: begun.sha256 },
  }
}
