import { readdir, readFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import type { Rendition } from '@biologidex/core/images/image'
import type { Db } from '@biologidex/server/db/db'
import { sha256Of } from '../device.ts'

/** A killed process leaves these where it wrote; they are swept when they are old. */
const PASSING = /^passing\./

async function filesBelow(folder: string): Promise<string[]> {
  const found = await readdir(folder, { recursive: true, withFileTypes: true })
  return found.filter((one) => one.isFile()).map((one) => join(one.parentPath, one.name))
}

/** The pictures in a server's folder, by name. */
export async function readBlobs(folder: string): Promise<Map<string, Buffer>> {
  const blobs = new Map<string, Buffer>()
  for (const path of await filesBelow(join(folder, 'blobs'))) {
    if (blobs.has(basename(path))) throw new Error(`${basename(path)} is there twice`)
    blobs.set(basename(path), await readFile(path))
  }
  return blobs
}

/**
 * Every file is what its name says and something needs it; nothing is left of uploads, but of photos whose bytes were lost, or
 * that were removed while they arrived when the server died.
 * @param lost how many photos can never arrive
 */
export async function checkFiles(
  folder: string,
  blobs: ReadonlyMap<string, Buffer>,
  { read: q }: Db,
  lost: number,
): Promise<string[]> {
  const complaints: string[] = []
  const images = await q.selectFrom('images').select(['sha256', 'renditions', 'deleted_at']).execute()
  // What nothing needs any more stays for a day (I5).
  const garbage = await q.selectFrom('garbage').select('sha256').execute()
  const needed = new Set([...images, ...garbage].map(({ sha256 }) => sha256))
  for (const { renditions } of images) {
    for (const { sha256 } of Object.values(JSON.parse(renditions ?? '{}') as Record<string, Rendition>)) needed.add(sha256)
  }
  for (const [name, bytes] of blobs) {
    if (sha256Of(bytes) !== name) complaints.push(`the file ${name} holds other bytes`)
    if (!needed.has(name)) complaints.push(`nothing needs the file ${name}`)
  }
  const removed = images.filter(({ deleted_at: at }) => at !== null).length
  const left = (await readdir(join(folder, 'drafts'))).filter((draft) => !PASSING.test(draft))
  if (left.length > lost + removed) complaints.push(`these uploads are left over: ${left.join(', ')}`)
  const uploads = (await q.selectFrom('uploads').select('id').execute()).length
  if (uploads > lost) complaints.push(`${uploads} uploads are noted and at an end`)
  return complaints
}
