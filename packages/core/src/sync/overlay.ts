import type { AnimalRef } from '../animals/animal.ts'
import type { Identification, OwnEntry } from '../entries/entry.ts'
import type { ImagePart, PictureType } from '../images/image.ts'
import { mergeList } from './merge.ts'
import type { FieldChange, Mutation } from './mutation.ts'

/** An own entry on screen: the synced base with pending changes over it (O7). */
export interface EntryOnScreen extends OwnEntry {
  /** The animal as it was typed, while the server has not answered with its record. */
  readonly typedAnimal?: { readonly scientificName: string; readonly commonName?: string }
  /** True while a change of it is not on the server. */
  readonly pending: boolean
}

type Draft = { -readonly [K in keyof EntryOnScreen]: EntryOnScreen[K] }

function setAnimal(draft: Draft, ref: AnimalRef | null): void {
  delete draft.animal
  delete draft.typedAnimal
  if (!ref) return
  if ('id' in ref) draft.animal = ref.id
  else draft.typedAnimal = { scientificName: ref.scientificName, ...(ref.commonName ? { commonName: ref.commonName } : {}) }
}

function setField(draft: Draft, field: string, change: FieldChange): void {
  if ('to' in change) {
    if (field === 'animal') setAnimal(draft, change.to as AnimalRef | null)
    else Object.assign(draft, { [field]: change.to === null || change.to === false ? undefined : change.to })
  } else if (field === 'identifications') {
    draft.identifications = mergeList(draft.identifications ?? [], change.add as Identification[] | undefined, change.remove)
  }
}

/** @param dropped images that earlier changes removed: `restore` puts them back */
function setImage(draft: Draft, change: Mutation, dropped: Map<string, ImagePart>): void {
  const images = draft.images ?? []
  const to = (field: string) => {
    const value = change.set?.[field]
    return value && 'to' in value ? value.to : undefined
  }
  if (change.op === 'delete') {
    const gone = images.find((image) => image.id === change.id)
    if (gone) dropped.set(gone.id, gone)
    draft.images = images.filter((image) => image.id !== change.id)
  } else if (change.op === 'restore') {
    const back = dropped.get(change.id)
    if (back && !images.some((image) => image.id === back.id)) draft.images = [...images, back]
  } else if (change.op === 'create' && !images.some((image) => image.id === change.id)) {
    const original = { sha256: to('sha256') as string, size: to('size') as number, type: to('mediaType') as PictureType }
    const alt = to('alt') as string | null | undefined
    const position = (to('position') as number) ?? 0
    const made: ImagePart = { id: change.id, state: 'waiting', original, position, ...(alt ? { alt } : {}) }
    draft.images = [...images, made]
  } else {
    const position = to('position') as number | undefined
    const alt = to('alt') as string | null | undefined
    draft.images = images.map((image) =>
      image.id === change.id
        ? { ...image, ...(position === undefined ? {} : { position }), ...(alt === undefined ? {} : { alt: alt ?? undefined }) }
        : image,
    )
  }
  draft.images?.sort((a, b) => (a.position ?? 0) - (b.position ?? 0))
}

/**
 * The entry as its owner's screen shows it: `base` from the owner feed (undefined: not there) with the pending
 * `changes` over it, in outbox order. Changes are those of this entry and of its images. Undefined: nothing to show.
 */
export function overlay(base: OwnEntry | undefined, id: string, changes: readonly Mutation[]): EntryOnScreen | undefined {
  let draft: Draft | undefined = base && { ...base, pending: changes.length > 0 }
  let deleted: Draft | undefined
  const dropped = new Map<string, ImagePart>()
  for (const change of changes) {
    if (change.type === 'image') {
      if (draft) setImage(draft, change, dropped)
      continue
    }
    if (change.type !== 'entry') continue
    if (change.op === 'delete') {
      deleted = draft
      draft = undefined
      continue
    }
    if (change.op === 'restore') draft ??= deleted
    if (change.op === 'create' && !draft) {
      const at = change.at ?? 0
      draft = { type: 'entry', id, publicId: id, visibility: 'private', created: at, updated: at, pending: true }
    }
    for (const [field, value] of Object.entries(change.set ?? {})) if (draft) setField(draft, field, value)
  }
  return draft
}
