import { randomUUID } from 'node:crypto'
import type { SessionView } from '@biologidex/core/accounts/account'
import { PictureClient } from '@biologidex/test-kit/picture-client'
import { photograph } from '@biologidex/test-kit/pictures'
import type { Yesterday } from '@biologidex/test-kit/yesterdays'
import type { Device } from '../device.ts'
import { entriesOf, type Owner } from '../owner.ts'
import { capture, plate } from '../person.ts'
import type { Photos } from '../photos.ts'
import type { Server } from '../server.ts'
import { SMALL } from './small.ts'

type Dex = Pick<Yesterday, 'entries' | 'trash' | 'outing' | 'lost' | 'half'> & { readonly wren: string; readonly fox: string }

/** A note from elsewhere, about something that was changed meanwhile: the one that stands, and the one that is kept as a clash. */
async function clash(client: PictureClient, entry: string): Promise<{ stands: string; lost: string }> {
  const [stands, lost] = ['By the old pond.', 'By the new pond.']
  await client.mutate('entry', entry, 'update', { note: stands })
  const result = await client.mutate('entry', entry, 'update', { note: lost })
  if (!('conflicts' in result)) throw new Error(`no clash: ${JSON.stringify(result)}`)
  return { stands, lost }
}

/** Half of a photo is on the server when its line breaks. */
async function halfUpload(client: PictureClient): Promise<Yesterday['half']> {
  const announced = await client.announce(await photograph({ width: 60, height: 40, seed: 31 }))
  const { entry, image, bytes } = announced
  await client.create(announced)
  const sent = Math.floor(bytes.length / 2)
  const { cut, closed } = client.hang(announced, 0, sent)
  while ((await client.standing(announced)).offset !== sent) await new Promise((resolve) => setTimeout(resolve, 100))
  cut()
  await closed
  return { entry, image, sent, bytes: Buffer.from(bytes).toString('base64') }
}

/** An account's dex with something of everything, all of it acknowledged. */
export async function fillDex(server: Server, owner: Owner, phone: Device, photos: Photos): Promise<Dex> {
  const { page } = phone
  const [first, second] = [
    await photos.take({ ...SMALL, seed: 1 }),
    await photos.take({ ...SMALL, seed: 2, at: { lat: 47.31846, lon: 8.73918 } }),
  ]
  await capture(page, first, { name: 'wren', latin: 'Troglodytes troglodytes', note: 'Sang from the hedge.' })
  await capture(page, second, { name: 'red fox', latin: 'Vulpes vulpes' })
  for (const name of ['Wren', 'Red fox']) await plate(page, name).getByRole('img', { name: 'On the server' }).waitFor()
  const keptAs = (sha256: string): string => {
    const rows = server.rows<{ entry_id: string }>('SELECT entry_id FROM images WHERE sha256 = ?', sha256)
    return rows[0]?.entry_id ?? ''
  }
  // EXIF writes degrees as fractions, which come out a little otherwise.
  const placeOf = (id: string): { lat: number; lon: number } => {
    const text = entriesOf(server).find((row) => row.id === id)?.place ?? '{}'
    const { lat, lon } = JSON.parse(text) as { lat: number; lon: number }
    return { lat, lon }
  }
  const [wren, fox] = [keptAs(first.sha256), keptAs(second.sha256)]

  const session = { account: { id: owner.account }, token: owner.token } as SessionView
  const client = new PictureClient(`http://127.0.0.1:${server.port}`, session)
  const [moose, outing, trash] = [randomUUID(), randomUUID(), randomUUID()]
  const place = { lat: 59.91273, lon: 10.74609, accuracy: 5 }
  const animal = { scientificName: 'Alces alces' }
  await client.mutate('outing', outing, 'create', { name: 'Round the lake' })
  await client.mutate('entry', moose, 'create', {
    animal,
    place,
    outing,
    privateNote: 'Behind the third birch.',
    visibility: 'friends',
  })
  await client.mutate('entry', trash, 'create', { note: 'Not an animal after all.', visibility: 'private' })
  await client.mutate('entry', trash, 'delete')
  const { stands, lost } = await clash(client, moose)
  const half = await halfUpload(client)
  return {
    ...{ wren, fox, trash, lost, half, outing: { id: outing, name: 'Round the lake' } },
    entries: [
      { id: wren, note: 'Sang from the hedge.', scientificName: 'Troglodytes troglodytes', pictures: [first.sha256] },
      { id: fox, place: placeOf(fox), scientificName: 'Vulpes vulpes', pictures: [second.sha256] },
      {
        id: moose,
        note: stands,
        privateNote: 'Behind the third birch.',
        place: { lat: place.lat, lon: place.lon },
        scientificName: 'Alces alces',
        pictures: [],
      },
    ],
  }
}
