import type { Photo } from '@biologidex/client/face'
import type { Rendition } from '@biologidex/core/images/image'
import { type SimDevice, sha256Of } from '../device.ts'
import type { Household } from '../household.ts'
import { type Done, isSame, type Ledger } from '../ledger.ts'
import { isCertainlyAlive, isCertainlyDeleted } from './lives.ts'
import type { Rows } from './rows.ts'

/** What the photos are judged by. */
interface Judged {
  readonly ledger: Ledger
  readonly aside: ReadonlySet<Done['draft']>
}

/** Where a photo that can't go up must still be: on the device that took it. */
function* checkWaiting(photo: Photo, devices: readonly SimDevice[]): Iterable<string> {
  const sealed = devices.map((device) => device.disk.records.blobs.get(`sealed/${photo.image}`))
  if (!sealed.some((bytes) => bytes && sha256Of(bytes) === photo.sha256))
    yield `the photo ${photo.image}, set aside, is on no device`
}

/** Only who asks for a picture by name brings it back: a change of it does not. */
const restores = (op: string): boolean => op === 'restore'

function* checkRow(photo: Photo, rows: Rows, blobs: ReadonlyMap<string, Buffer>, world: Judged): Iterable<string> {
  const row = rows.images.find(({ id }) => id === photo.image)
  if (!row) return yield `the photo ${photo.image} is not on the server`
  if (row.sha256 !== photo.sha256 || row.entry_id !== photo.entry) yield `the photo ${photo.image} is another one there`
  const { ledger, aside } = world
  const all = ledger.possible().filter(({ draft }) => draft.id === photo.image)
  // To bring it back is the same change whoever makes it, and an old copy of a disk makes it twice: one of them set aside says nothing of the others.
  const others = ({ draft }: Done) => all.filter((other) => isSame(other.draft, draft)).length - 1
  const mayHaveBeen = (one: Done) => restores(one.draft.op) && (others(one) > 0 || one.deed.replays > 0)
  const done = all.filter((one) => !aside.has(one.draft) || mayHaveBeen(one))
  if (row.deleted_at !== null) {
    if (isCertainlyAlive(ledger, done, restores)) yield `the photo ${photo.image} is removed, and nobody wanted that`
    return
  }
  if (isCertainlyDeleted(ledger, done, restores)) yield `the photo ${photo.image} was removed, and is there again`
  if (ledger.lostPhotos.has(photo.image)) return
  if (row.state !== 'ready') yield `the photo ${photo.image} is ${row.state} (${row.reason ?? ''})`
  if (!blobs.get(photo.sha256)?.equals(photo.original)) yield `the bytes of the photo ${photo.image} are not there as they were`
  const renditions = Object.entries(JSON.parse(row.renditions ?? '{}') as Record<string, Rendition>)
  if (renditions.length !== 2) yield `the photo ${photo.image} has ${renditions.length} renditions`
  for (const [name, { sha256, size }] of renditions) {
    if (blobs.get(sha256)?.length !== size) yield `the ${name} of the photo ${photo.image} is not there`
  }
}

/** Devices keep nothing of pictures that are up, but for those set aside, and those in the bin. */
function* checkDevices(devices: readonly SimDevice[], waiting: ReadonlySet<string>, rows: Rows): Iterable<string> {
  for (const device of devices) {
    for (const [image, text] of device.disk.records.uploads) {
      const row = rows.images.find(({ id }) => id === image)
      const binned = (row?.deleted_at ?? null) !== null
      if (!waiting.has(image) && !binned) yield `${device.name} still has the upload ${text}`
    }
  }
}

/** Every picture that was kept is on the server once, byte for byte, with its renditions; nobody else's is (check 3). */
export function* checkPictures(
  rows: Rows,
  blobs: ReadonlyMap<string, Buffer>,
  { ledger, devices }: Household,
  aside: ReadonlySet<Done['draft']>,
): Iterable<string> {
  const waiting = new Set([...aside].flatMap(({ id, op }) => (op === 'create' ? [id] : [])))
  for (const photo of ledger.photos()) {
    const lost = ledger.lostPhotos.has(photo.image)
    if (!waiting.has(photo.image)) yield* checkRow(photo, rows, blobs, { ledger, aside })
    else if (!lost) yield* checkWaiting(photo, devices)
  }
  const known = new Set(ledger.photos(true).map(({ image }) => image))
  for (const { id } of rows.images) if (!known.has(id)) yield `nobody took the photo ${id}`
  yield* checkDevices(devices, waiting, rows)
}
