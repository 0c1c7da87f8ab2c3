import { randomUUID } from 'node:crypto'
import { AppError } from '@biologidex/core/errors'
import { isUuid } from '@biologidex/core/ids'
import type { Json } from '@biologidex/core/json'
import { LIMITS } from '@biologidex/core/limits'
import { mergeField } from '@biologidex/core/sync/merge'
import { IMAGE_FIELDS, type Mutation } from '@biologidex/core/sync/mutation'
import { z } from 'zod'
import type { EntriesTable, ImagesTable } from '../../db/tables.ts'
import type { Outcome, PushWork } from '../sync/push-work.ts'
import { countImages, findAnyImage, insertImage, updateImage } from './images.store.ts'
import { deleteUploads } from './uploads.store.ts'

/** How long a picture can come back, in milliseconds. */
export const BIN_MS = LIMITS.restoreDays * 24 * 60 * 60 * 1000

const announced = z.object({
  entry: IMAGE_FIELDS.entry,
  sha256: IMAGE_FIELDS.sha256,
  size: IMAGE_FIELDS.size,
  mediaType: IMAGE_FIELDS.mediaType,
  position: IMAGE_FIELDS.position.optional(),
  alt: IMAGE_FIELDS.alt.optional(),
})

/** The wanted values of a mutation's fields. */
function wanted(mutation: Mutation): Record<string, Json> {
  const values = Object.entries(mutation.set ?? {}).flatMap(([field, change]) => ('to' in change ? [[field, change.to]] : []))
  return Object.fromEntries(values) as Record<string, Json>
}

/** The entry that pictures hang on: on the desk, and not deleted. */
function entryOf(work: PushWork, id: string): EntriesTable {
  const row = work.desk.get(id)
  if (!row || row.deleted_at !== null) throw new AppError('missing_target', { entry: id })
  return row
}

/** @throws AppError when the entry has all the pictures it may have */
async function checkRoom(work: PushWork, entry: string): Promise<void> {
  if ((await countImages(work.tx.q, work.owner, entry)) < LIMITS.imagesPerEntry) return
  throw new AppError('invalid_mutation', { field: 'images', why: `at most ${LIMITS.imagesPerEntry} for an entry` })
}

async function create(work: PushWork, mutation: Mutation): Promise<Outcome> {
  const parsed = announced.safeParse(wanted(mutation))
  if (!parsed.success) {
    const issue = parsed.error.issues[0]
    if (issue?.path[0] === 'size' && issue.code === 'too_big') throw new AppError('picture_too_large')
    throw new AppError('invalid_mutation', { field: issue?.path.join('.'), why: issue?.message })
  }
  const { entry, sha256, size, mediaType, position = 0, alt = null } = parsed.data
  const known = await findAnyImage(work.tx.q, work.owner, mutation.id)
  // Said again under another number, as by a device that came back from a copy: it was done, wherever its entry is by now,
  // and its bytes may come (I2).
  if (known?.sha256 === sha256 && known.entry_id === entry) return {}
  const row = entryOf(work, entry)
  if (known) throw new AppError('invalid_mutation', { field: 'id', why: 'an image of this id is there already' })
  await checkRoom(work, entry)
  const image: ImagesTable = {
    owner_id: work.owner,
    id: mutation.id,
    entry_id: entry,
    sha256,
    size,
    media_type: mediaType,
    position,
    alt,
    state: 'waiting',
    reason: null,
    width: null,
    height: null,
    thumbhash: null,
    renditions: null,
    created_at: work.desk.now,
    deleted_at: null,
  }
  await insertImage(work.tx, image)
  work.desk.put(row, [{ field: `image/${mutation.id}`, was: null, to: sha256 }])
  return {}
}

interface ImageChange {
  readonly field: 'position' | 'alt'
  readonly was: Json | undefined
  readonly to: string | number | null
}

/** Checks every field before any is written. */
function imageChanges(mutation: Mutation): ImageChange[] {
  return Object.entries(mutation.set ?? {}).map(([field, change]) => {
    if ((field !== 'position' && field !== 'alt') || !('to' in change)) throw new AppError('invalid_mutation', { field })
    const parsed = IMAGE_FIELDS[field].safeParse(change.to)
    if (!parsed.success) throw new AppError('invalid_mutation', { field, why: parsed.error.issues[0]?.message })
    return { field, was: change.was, to: parsed.data }
  })
}

async function update(work: PushWork, mutation: Mutation, image: ImagesTable): Promise<Outcome> {
  const changes = imageChanges(mutation).map(({ field, was, to }) => ({
    field,
    merged: mergeField(field, image[field], was, to),
  }))
  // An order of pictures was not typed: the one that stands is as good. A description was.
  const news = changes.filter(({ field, merged }) => merged.kind === 'taken' || (merged.kind === 'conflict' && field === 'alt'))
  // Said again, as by a device that came back from a copy: it was done, wherever its entry is by now.
  if (news.length === 0) return {}
  const row = entryOf(work, image.entry_id)
  const conflicts: string[] = []
  for (const { field, merged } of news) {
    const name = `image/${image.id}/${field}`
    if (merged.kind === 'taken') {
      await updateImage(work.tx, work.owner, image.id, { [field]: merged.value })
      work.desk.put(work.desk.get(row.id) ?? row, [{ field: name, was: image[field], to: merged.value }])
    } else if (merged.kind === 'conflict') {
      const { lost, stands } = merged
      const at = work.desk.now
      work.conflicts.push({
        type: 'conflict',
        id: randomUUID(),
        entry: row.id,
        field: name,
        lost,
        stands,
        device: work.device,
        at,
      })
      conflicts.push(name)
    }
  }
  return conflicts.length > 0 ? { conflicts } : {}
}

/** Puts an image into the bin. What has arrived of it goes at once: should it come back, its device sends it again. */
async function remove(work: PushWork, image: ImagesTable): Promise<Outcome> {
  // Said again: it was done, wherever its entry is by now.
  if (image.deleted_at !== null) return {}
  const row = entryOf(work, image.entry_id)
  await updateImage(work.tx, work.owner, image.id, { deleted_at: work.desk.now })
  for (const upload of await deleteUploads(work.tx, work.owner, image.id)) work.dropDraft(upload)
  work.desk.put(row, [{ field: `image/${image.id}`, was: image.sha256, to: null }])
  return {}
}

/** Takes an image out of the bin again, for as long as a deleted entry can come back. */
async function restore(work: PushWork, image: ImagesTable): Promise<Outcome> {
  if (image.deleted_at === null) return {}
  const row = entryOf(work, image.entry_id)
  if (work.desk.now - image.deleted_at > BIN_MS) {
    throw new AppError('missing_target', { image: image.id, days: LIMITS.restoreDays })
  }
  await checkRoom(work, image.entry_id)
  await updateImage(work.tx, work.owner, image.id, { deleted_at: null })
  work.desk.put(row, [{ field: `image/${image.id}`, was: null, to: image.sha256 }])
  return {}
}

/** Ids of the entries that a push's image mutations hang on, so that they lie on the desk. */
export async function entriesOfImages(work: Pick<PushWork, 'tx' | 'owner'>, mutations: readonly Mutation[]): Promise<string[]> {
  const ids: string[] = []
  for (const mutation of mutations) {
    if (mutation.type !== 'image') continue
    const entry = wanted(mutation).entry
    if (isUuid(entry)) ids.push(entry)
    else ids.push((await findAnyImage(work.tx.q, work.owner, mutation.id))?.entry_id ?? '')
  }
  return ids.filter(Boolean)
}

/** Carries out a mutation of type `image`. @throws AppError when it can't be, having changed nothing */
export async function applyImageMutation(work: PushWork, mutation: Mutation): Promise<Outcome> {
  if (mutation.op === 'create') return create(work, mutation)
  const image = await findAnyImage(work.tx.q, work.owner, mutation.id)
  if (!image) {
    if (mutation.op === 'delete') return {}
    throw new AppError('missing_target', { image: mutation.id })
  }
  if (mutation.op === 'delete') return remove(work, image)
  if (mutation.op === 'restore') return restore(work, image)
  if (image.deleted_at === null) return update(work, mutation, image)
  // A place among the others means nothing in the bin; a description was typed, so its owner is asked.
  if (imageChanges(mutation).some(({ field }) => field === 'alt')) throw new AppError('missing_target', { image: image.id })
  return {}
}
