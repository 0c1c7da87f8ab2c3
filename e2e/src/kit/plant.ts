import { randomBytes, randomUUID } from 'node:crypto'
import { expect } from 'vitest'
import type { Device } from './device.ts'
import { type Needle, ofHex, ofNumber, ofText } from './needles.ts'
import { entriesOf, Owner } from './owner.ts'
import { capture, choosePicture, openPlate, PASSWORD, plate, signUp, writeNote } from './person.ts'
import type { Server } from './server.ts'
import type { Stage } from './stage.ts'

/** Words that nothing repeats and nobody else has. */
const word = (): string => randomBytes(24).toString('base64url').replaceAll(/[-_]/g, 'x')

interface Planted {
  readonly phone: Device
  /** What a person would not want found, on the server or not. */
  readonly secrets: readonly Needle[]
  /** What the dex holds besides. */
  readonly plain: readonly Needle[]
  /** Whose it is: the account's id and the user name. */
  readonly who: readonly [string, string]
}

/** An entry that came from elsewhere with a private note and an exact place, and lies in the pages of the dex. */
async function keepElsewhere(owner: Owner, privateNote: string, place: { lat: number; lon: number }): Promise<string> {
  const id = randomUUID()
  const set = {
    animal: { to: { scientificName: 'Alces alces' } },
    place: { to: { ...place, accuracy: 5 } },
    privateNote: { to: privateNote },
    visibility: { to: 'friends' },
  }
  const mutations = [{ n: 1, type: 'entry', id, op: 'create', set }]
  const body = JSON.stringify({ account: owner.account, client: randomUUID(), ack: 0, mutations })
  const answer = await (await owner.fetch('/api/v2/sync/push', { method: 'POST', body })).text()
  expect(answer).toContain('"status":"done"')
  return id
}

/** A phone with something of everything, its browser closed: synced, waiting to go up, and half typed. */
export async function plant(stage: Stage, server: Server): Promise<Planted> {
  const phone = await stage.device(server, { profile: true })
  const [privateNote, synced, waiting, draft, marker, half] = Array.from({ length: 6 }, word) as [string, ...string[]]
  const place = { lat: 47.3184629137 + Math.random() / 1e6, lon: 8.7391846271 + Math.random() / 1e6 }
  const { page } = phone
  const username = `mara${randomBytes(12).toString('hex')}`
  await signUp(phone, username)
  await phone.shellInstalled()
  await capture(page, await stage.photos.take(), { name: 'wren', latin: 'Troglodytes troglodytes', note: synced ?? '' })
  await plate(page, 'Wren').getByRole('img', { name: 'On the server' }).waitFor()
  const owner = await Owner.signIn(server, username)
  const elsewhere = await keepElsewhere(owner, privateNote, place)
  await plate(page, 'Moose').getByRole('img', { name: 'On the server' }).waitFor()
  const [token = ''] = (await phone.context.cookies()).map(({ value }) => value)
  const [{ seal }] = server.rows<{ seal: string }>('SELECT seal FROM accounts') as [{ seal: string }]

  await phone.offline(true)
  await openPlate(page, 'Wren')
  await writeNote(page, waiting ?? '')
  const photo = async (bytes: string) => {
    const taken = await stage.photos.take({ seed: 7, at: { lat: 47.1, lon: 8.2 } })
    return stage.photos.file(`${bytes}.jpg`, Buffer.concat([taken.bytes, Buffer.from(bytes)]))
  }
  await page.goto('/')
  await capture(page, await photo(marker ?? ''), { name: 'red fox', latin: 'Vulpes vulpes' })
  await page.goto('/capture')
  await choosePicture(page, (await photo(half ?? '')).path)
  await page.getByRole('img', { name: 'Your photo' }).waitFor()
  await page.getByText('Notes, outing, how many, who sees it').click()
  await page.getByLabel('Note', { exact: true }).fill(draft ?? '')
  await page.locator('.safe[aria-busy=false]', { hasText: 'Kept on this device as a draft' }).waitFor()
  await phone.stop()
  const secrets = [
    ofText('the private note', privateNote),
    ofNumber('the latitude', place.lat),
    ofNumber('the longitude', place.lon),
    ofText('the note on the server', synced ?? ''),
    ofText('the note that waits', waiting ?? ''),
    ofText('the photo that waits', marker ?? ''),
    ofText('the note of the draft', draft ?? ''),
    ofText('the photo of the draft', half ?? ''),
  ]
  const keys = [ofText('the session’s token', token), ofHex('the seal', seal), ofText('the password', PASSWORD)]
  const ids = [elsewhere, ...entriesOf(server).map(({ id }) => id)].map((id) => ofText('the id of an entry', id))
  const who = [ofText('the id of the account', owner.account), ofText('the user name', username)]
  return { phone, secrets: [...secrets, ...keys], plain: [...ids, ...who], who: [owner.account, username] }
}
