import type { ConflictItem } from '@biologidex/core/entries/entry'
import { subjectOfClash } from '@biologidex/core/sync/merge'
import type { EntryOnScreen, OutingOnScreen } from '@biologidex/core/sync/overlay'
import type { Draft } from './face.ts'

const to = (value: unknown) => ({ to: JSON.parse(JSON.stringify(value)) })

/** The fields of an entry that a mutation sets as they are; animal and lists have forms of their own. */
const PLAIN = [
  'observed',
  'place',
  'outing',
  'count',
  'captive',
  'note',
  'privateNote',
  'visibility',
  'favourite',
  'primaryImage',
  'customizations',
] as const

/** The changes that make an entry, with its pictures, as it was. `hasOuting`: whether there is such an outing to be in. */
export function makingOf(entry: EntryOnScreen, hasOuting: (outing: string) => boolean): Draft[] {
  const plain = PLAIN.flatMap((field) => (entry[field] === undefined ? [] : [[field, to(entry[field])] as const]))
  const set: NonNullable<Draft['set']> = Object.fromEntries(plain)
  if (entry.outing && !hasOuting(entry.outing)) delete set.outing
  if (entry.animal) set.animal = { to: { id: entry.animal } }
  if (entry.identifications) set.identifications = { add: to(entry.identifications).to }
  const images = (entry.images ?? []).flatMap((image): Draft[] => {
    if (!image.original) return []
    const { sha256, size, type } = image.original
    const fields = {
      entry: to(entry.id),
      sha256: to(sha256),
      size: to(size),
      mediaType: to(type),
      position: to(image.position ?? 0),
    }
    return [{ type: 'image', id: image.id, op: 'create', set: { ...fields, ...(image.alt ? { alt: to(image.alt) } : {}) } }]
  })
  return [{ type: 'entry', id: entry.id, op: 'create', set }, ...images]
}

/** The change that makes an outing as it was. */
export const outingMaking = ({ id, name, note }: OutingOnScreen): Draft => ({
  type: 'outing',
  id,
  op: 'create',
  set: { ...(name ? { name: to(name) } : {}), ...(note ? { note: to(note) } : {}) },
})

/**
 * The change that meets the same clash again: from a value that nothing ever was, so that what stands goes on standing and what was
 * typed is kept beside it (O4).
 */
export function clashAgain(conflict: ConflictItem): Draft {
  const { type, id, field } = subjectOfClash(conflict)
  return { type, id, op: 'update', set: { [field]: { was: `clash ${conflict.id}`, to: conflict.lost } } }
}
