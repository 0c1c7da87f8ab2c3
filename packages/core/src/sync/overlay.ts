import type { AnimalRef } from '../animals/animal.ts'
import type { Identification, OwnEntry } from '../entries/entry.ts'
import type { OutingItem } from '../entries/outing.ts'
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

/** A deleted entry on screen: what it was, and when it was deleted. `pending`: the server does not know yet. */
export interface TrashOnScreen {
  readonly id: string
  readonly entry: EntryOnScreen
  readonly deleted: number
  readonly pending: boolean
}

/** An own outing on screen. */
export interface OutingOnScreen extends OutingItem {
  readonly pending: boolean
}

/** What the own feed holds of an entry: itself, or what it was before it was deleted. */
export interface EntryBase {
  readonly entry?: OwnEntry | undefined
  readonly trash?: { readonly entry: OwnEntry; readonly deleted: number } | undefined
}

type Draft = { -readonly [K in keyof EntryOnScreen]: EntryOnScreen[K] }

function setAnimal(draft: Draft, ref: AnimalRef | null): void {
  delete draft.animal
  delete draft.typedAnimal
  delete draft.called
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

/** A deleted entry that something else was done to comes back, as private (O5). */
const revived = (deleted: Draft): Draft => ({ ...deleted, visibility: 'private', pending: true })

function made(id: string, { at = 0 }: Mutation): Draft {
  return { type: 'entry', id, publicId: id, visibility: 'private', created: at, updated: at, pending: true }
}

/**
 * An entry as its owner's screen shows it: `base` from the owner feed with the pending `changes` over it, in outbox order. Changes
 * are those of this entry and of its images. It is alive, or in the trash, or neither: nothing to show.
 */
export function overlayEntry(
  base: EntryBase,
  id: string,
  changes: readonly Mutation[],
): { readonly entry?: EntryOnScreen; readonly trash?: TrashOnScreen } {
  const pending = changes.length > 0
  let draft: Draft | undefined = base.entry && { ...base.entry, pending }
  let trash: { entry: Draft; deleted: number } | undefined = base.trash && {
    entry: { ...base.trash.entry, pending },
    deleted: base.trash.deleted,
  }
  const dropped = new Map<string, ImagePart>()
  for (const change of changes) {
    if (change.type === 'image') {
      if (draft) setImage(draft, change, dropped)
      continue
    }
    if (change.type !== 'entry') continue
    if (change.op === 'delete') {
      if (draft) trash = { entry: draft, deleted: change.at ?? 0 }
      draft = undefined
      continue
    }
    const comesBack = draft ? undefined : trash?.entry
    if (comesBack) draft = change.op === 'restore' ? { ...comesBack, pending } : revived(comesBack)
    else if (change.op === 'create') draft ??= made(id, change)
    for (const [field, value] of Object.entries(change.set ?? {})) {
      if (draft && !(comesBack && field === 'visibility')) setField(draft, field, value)
    }
  }
  if (draft) return { entry: draft }
  return trash ? { trash: { id, ...trash, pending } } : {}
}

/** The entry alone: what `overlayEntry` shows where nothing of it lies in the trash. */
export const overlay = (base: OwnEntry | undefined, id: string, changes: readonly Mutation[]): EntryOnScreen | undefined =>
  overlayEntry({ entry: base }, id, changes).entry

/** An outing as its owner's screen shows it; undefined: deleted, or never made. `changes` are its own, in outbox order. */
export function overlayOuting(
  base: OutingItem | undefined,
  id: string,
  changes: readonly Mutation[],
): OutingOnScreen | undefined {
  let last: OutingOnScreen | undefined = base && { ...base, pending: changes.length > 0 }
  let shown = last
  for (const change of changes) {
    if (change.op === 'delete') {
      shown = undefined
      continue
    }
    shown ??= last ?? (change.op === 'create' ? { type: 'outing', id, created: change.at ?? 0, pending: true } : undefined)
    if (!shown) continue
    const next: Record<string, unknown> = { ...shown, pending: true }
    for (const [field, value] of Object.entries(change.set ?? {})) {
      if ('to' in value && value.to) next[field] = value.to
      else if ('to' in value) delete next[field]
    }
    shown = last = next as unknown as OutingOnScreen
  }
  return shown
}
