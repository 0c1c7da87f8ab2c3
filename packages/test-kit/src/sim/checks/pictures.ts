import { readdir, readFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import type { Photo } from '@biologidex/client/face'
import type { Rendition } from '@biologidex/core/images/image'
import { type SimDevice, sha256Of } from '../device.ts'
import type { Done, Ledger } from '../ledger.ts'
import type { Rows } from './rows.ts'

/** A killed process leaves these where it wrote; they are swept when they are old. */
const PASSING = /^passing\./

async function filesBelow(folder: string): Promise<string[]> {
  const found = await readdir(folder, { recursive: true, withFileTypes: true })
  return found.filter((one) => one.isFile()).map((one) => join(one.parentPath, one.name))
}

/** Where a photo that can't go up must still be: on the device that took it. */
function* checkWaiting(photo: Photo, devices: readonly SimDevice[]): Iterable<string> {
  const sealed = devices.map((device) => device.disk.records.blobs.get(`sealed/${photo.image}`))
  if (!sealed.some((bytes) => bytes && sha256Of(bytes) === photo.sha256))
    yield `the photo ${photo.image}, set aside, is on no device`
}

function* checkRow(photo: Photo, rows: Rows, blobs: ReadonlyMap<string, Buffer>): Iterable<string> {
  const row = rows.images.find(({ id }) => id === photo.image)
  if (!row) return yield `the photo ${photo.image} is not on the server`
  if (row.sha256 !== photo.sha256 || row.entry_id !== photo.entry) yield `the photo ${photo.image} is another one there`
  if (row.state !== 'ready') yield `the photo ${photo.image} is ${row.state} (${row.reason ?? ''})`
  if (!blobs.get(photo.sha256)?.equals(photo.original)) yield `the bytes of the photo ${photo.image} are not there as they were`
  const renditions = Object.entries(JSON.parse(row.renditions ?? '{}') as Record<string, Rendition>)
  if (renditions.length !== 2) yield `the photo ${photo.image} has ${renditions.length} renditions`
  for (const [name, { sha256, size }] of renditions) {
    if (blobs.get(sha256)?.length !== size) yield `the ${name} of the photo ${photo.image} is not there`
  }
}

/** Every file is what its name says and something needs it; nothing is left of uploads. */
function* checkFiles(rows: Rows, blobs: ReadonlyMap<string, Buffer>, drafts: readonly string[]): Iterable<string> {
  const needed = new Set(rows.images.map(({ sha256 }) => sha256))
  for (const { renditions } of rows.images) {
    for (const { sha256 } of Object.values(JSON.parse(renditions ?? '{}') as Record<string, Rendition>)) needed.add(sha256)
  }
  for (const [name, bytes] of blobs) {
    if (sha256Of(bytes) !== name) yield `the file ${name} holds other bytes`
    if (!needed.has(name)) yield `nothing needs the file ${name}`
  }
  for (const draft of drafts) if (!PASSING.test(draft)) yield `the upload ${draft} is left over`
  if (rows.uploads > 0) yield `${rows.uploads} uploads are noted and at an end`
}

/** Devices keep nothing of pictures that are up, but for set-aside ones. */
function* checkDevices(devices: readonly SimDevice[], waiting: ReadonlySet<string>): Iterable<string> {
  for (const device of devices) {
    for (const [image, text] of device.disk.records.uploads) {
      if (!waiting.has(image)) yield `${device.name} still has the upload ${text}`
    }
  }
}

/** Every picture that was kept is on the server once, byte for byte, with its renditions; nothing else is (check 3). */
export async function checkPictures(
  folder: string,
  rows: Rows,
  ledger: Ledger,
  devices: readonly SimDevice[],
  aside: ReadonlySet<Done['draft']>,
): Promise<string[]> {
  const blobs = new Map<string, Buffer>()
  const complaints: string[] = []
  for (const path of await filesBelow(join(folder, 'blobs'))) {
    if (blobs.has(basename(path))) complaints.push(`${basename(path)} is there twice`)
    blobs.set(basename(path), await readFile(path))
  }
  const waiting = new Set([...aside].map(({ id }) => id))
  const photos = ledger.photos()
  for (const photo of photos) {
    complaints.push(...(waiting.has(photo.image) ? checkWaiting(photo, devices) : checkRow(photo, rows, blobs)))
  }
  const known = new Set(photos.map(({ image }) => image))
  for (const { id } of rows.images) if (!known.has(id)) complaints.push(`nobody took the photo ${id}`)
  const drafts = await readdir(join(folder, 'drafts'))
  return [...complaints, ...checkFiles(rows, blobs, drafts), ...checkDevices(devices, waiting)]
}
