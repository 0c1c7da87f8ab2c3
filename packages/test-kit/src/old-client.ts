import { createHash } from 'node:crypto'
import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { png } from './pictures.ts'

/** One animal in an old dex. */
export interface OldAnimal {
  readonly index: number
  readonly scientific: string
  readonly common: string
  /** What later versions wrote besides. */
  readonly entryId?: string
  readonly owner?: string
  readonly caught?: string
  /** The picture of this record; none unless said. */
  readonly picture?: Buffer
}

const sha256 = (of: Buffer | string): string => createHash('sha256').update(of).digest('hex')

/** Files of an old client by their path below its folder. */
export type OldFiles = Map<string, Buffer>

const urlOf = (user: string, { index }: OldAnimal): string => `https://old.example/media/${user}/${index}.png`

/** A record as old clients wrote it. @param path under which its picture lay */
export function oldRecord(user: string, animal: OldAnimal, path = ''): Record<string, unknown> {
  const { index, scientific, common, picture, entryId, owner, caught } = animal
  return {
    creation_index: index,
    scientific_name: scientific,
    common_name: common,
    image_checksum: picture ? sha256(picture) : '',
    dex_compatible_url: picture ? urlOf(user, animal) : '',
    updated_at: '2025-08-01T10:00:00.123456+00:00',
    cached_image_path: path,
    ...(entryId ? { dex_entry_id: entryId, animal_id: entryId } : {}),
    ...(owner ? { owner_username: owner } : {}),
    ...(caught ? { catch_date: caught } : {}),
  }
}

/** Where v2 kept the picture of a record. */
export const cachePath = (user: string, animal: OldAnimal): string => `dex_cache/${user}/${sha256(urlOf(user, animal))}.png`

/** The folder of a v2 client: a list for each person, their pictures, and how far it had synced. */
export function v2Files(dexes: Readonly<Record<string, readonly OldAnimal[]>>): OldFiles {
  const files: OldFiles = new Map()
  const synced: Record<string, string> = {}
  for (const [user, animals] of Object.entries(dexes)) {
    const records = animals.map((animal) => {
      const path = cachePath(user, animal)
      if (animal.picture) files.set(path, animal.picture)
      return [String(animal.index), oldRecord(user, animal, animal.picture ? `user://${path}` : '')] as const
    })
    const list = { version: '2.0', user_id: user, records: Object.fromEntries(records), last_updated: '2025-08-01T10:00:00Z' }
    files.set(`dex_data/${user}_dex.json`, Buffer.from(JSON.stringify(list, undefined, '\t')))
    synced[user] = '2025-08-01T10:00:00Z'
  }
  return files.set('sync_state.json', Buffer.from(JSON.stringify(synced)))
}

/** The folder of a v1 client: one list, of one person; `asList`: as its first versions wrote it. */
export function v1Files(animals: readonly OldAnimal[], asList = false): OldFiles {
  const files: OldFiles = new Map()
  const records = animals.map((animal) => {
    const path = `dex_images/${animal.index}.png`
    if (animal.picture) files.set(path, animal.picture)
    return oldRecord('v1', animal, animal.picture ? `user://${path}` : '')
  })
  const keyed = Object.fromEntries(records.map((record) => [String(record.creation_index), record]))
  return files.set('dex_database.json', Buffer.from(JSON.stringify({ records: asList ? records : keyed })))
}

export async function writeFiles(dir: string, files: OldFiles): Promise<void> {
  for (const [path, bytes] of files) {
    await mkdir(dirname(join(dir, path)), { recursive: true })
    await writeFile(join(dir, path), bytes)
  }
}

/** A picture as the old server made them; the same seed gives the same bytes. */
export const oldPicture = (seed: number, size = { width: 48, height: 32 }): Promise<Buffer> => png({ ...size, seed })
