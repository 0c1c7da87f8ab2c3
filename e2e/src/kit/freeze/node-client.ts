import { randomUUID } from 'node:crypto'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { nodePorts } from '@biologidex/client/adapters/node'
import { createEngine } from '@biologidex/client/engine'
import type { Draft } from '@biologidex/client/face'
import { NetworkFailure } from '@biologidex/client/ports'
import type { Yesterday } from '@biologidex/test-kit/yesterdays'
import type { Owner } from '../owner.ts'
import type { Photos } from '../photos.ts'
import type { Server } from '../server.ts'
import { SMALL } from './small.ts'

/** A client in Node that has all of the dex, and then, without a network, a changed note and a new entry with a photo. */
export async function leaveNodeClient(
  folder: string,
  server: Server,
  { account, token }: Owner,
  photos: Photos,
  entry: string,
): Promise<Yesterday['node']> {
  await mkdir(folder, { recursive: true })
  const baseUrl = `http://127.0.0.1:${server.port}`
  const ports = nodePorts({ account, dir: join(folder, 'state'), baseUrl, token, keyFile: join(folder, 'config', 'key') })
  let isOnline = true
  const { transport } = ports
  const request: typeof transport.request = (asked) =>
    isOnline ? transport.request(asked) : Promise.reject(new NetworkFailure('offline'))
  const engine = createEngine({ ...ports, transport: { ...transport, request } }, account)
  await engine.start()
  await engine.syncNow()
  isOnline = false
  const { bytes, sha256 } = await photos.take({ ...SMALL, seed: 3 })
  const [made, image] = [randomUUID(), randomUUID()]
  const [note, photoNote] = ['Typed in the terminal.', 'Seen from the desk.']
  const fields = { entry: made, sha256, size: bytes.length, mediaType: 'image/jpeg', position: 0 }
  const set = Object.fromEntries(Object.entries(fields).map(([field, to]) => [field, { to }]))
  const drafts: Draft[] = [
    { type: 'entry', id: entry, op: 'update', set: { note: { was: null, to: note } } },
    { type: 'entry', id: made, op: 'create', set: { note: { to: photoNote }, visibility: { to: 'private' } } },
    { type: 'image', id: image, op: 'create', set },
  ]
  const photo = { image, entry: made, original: new Uint8Array(bytes), mediaType: 'image/jpeg', sha256, previews: {} }
  await engine.mutate(drafts, [photo])
  await engine.stop()
  return { entry, note, photo: sha256, photoNote }
}
