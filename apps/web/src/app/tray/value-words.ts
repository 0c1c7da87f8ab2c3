import { commonName } from '@biologidex/core/animals/common-name'
import type { Observed } from '@biologidex/core/entries/observed'
import type { Place } from '@biologidex/core/entries/place'
import { type ImagePart, primaryOf } from '@biologidex/core/images/image'
import type { Json } from '@biologidex/core/json'
import type { EntryOnScreen } from '@biologidex/core/sync/overlay'
import { formatCount, formatInstant, formatObserved } from '../format.ts'
import { type MessageId, readerLanguage, t } from '../i18n.tsx'
import type { Dex } from '../session-store.ts'

const FIELDS: Readonly<Record<string, MessageId>> = {
  animal: 'tray.field.animal',
  identifications: 'tray.field.animal',
  observed: 'tray.field.observed',
  place: 'tray.field.place',
  note: 'tray.field.note',
  privateNote: 'tray.field.privateNote',
  count: 'tray.field.count',
  visibility: 'tray.field.visibility',
  captive: 'tray.field.captive',
  favourite: 'tray.field.favourite',
  primaryImage: 'tray.field.primaryImage',
  outing: 'tray.field.outing',
  customizations: 'tray.field.customizations',
  displayName: 'tray.field.displayName',
  bio: 'tray.field.bio',
}
const VISIBILITIES: Readonly<Record<string, MessageId>> = {
  private: 'tray.visibility.private',
  friends: 'tray.visibility.friends',
  public: 'tray.visibility.public',
}

/** Fields of what is not the entry itself, by kind and name. */
const PARTS: Readonly<Record<string, MessageId>> = {
  'image/alt': 'tray.field.alt',
  'outing/name': 'tray.field.outing.name',
  'outing/note': 'tray.field.outing.note',
}

/** A field of an entry in words: "the note"; likewise of its pictures and outings, by their full names. */
export function fieldWords(field: string): string {
  const [kind, , part] = field.split('/')
  return t((part ? PARTS[`${kind}/${part}`] : FIELDS[field]) ?? 'tray.field.other')
}

function placeWords({ name, region, lat, lon }: Place): string {
  const at = `${lat.toFixed(5)}, ${lon.toFixed(5)}`
  const called = name ?? region
  return called ? `${called} (${at})` : at
}

function animalWords(value: Json, dex: Pick<Dex, 'animal'>): string {
  if (typeof value === 'string') return animalById(value, dex)
  const { id, scientificName, commonName: said } = value as { id?: string; scientificName?: string; commonName?: string }
  return id ? animalById(id, dex) : [said, scientificName].filter(Boolean).join(', ')
}

function animalById(id: string, dex: Pick<Dex, 'animal'>): string {
  const animal = dex.animal(id)
  if (!animal) return t('wall.unnamed')
  return [commonName(animal, readerLanguage()), animal.scientificName].filter(Boolean).join(', ')
}

/** A value of a field as people read it; an unknown one as its own text, so that nothing typed is ever hidden. */
export function valueWords(field: string, value: Json | undefined, dex: Pick<Dex, 'animal' | 'outings'>): string {
  if (value === undefined || value === null || value === '') return t('tray.clash.nothing')
  if (field === 'visibility' && typeof value === 'string') return t(VISIBILITIES[value] ?? 'tray.field.visibility')
  if (typeof value === 'boolean') return t(value ? 'tray.yes' : 'tray.no')
  if (typeof value === 'number') return formatCount(value)
  if (field === 'animal') return animalWords(value, dex)
  if (field === 'observed') return formatObserved(value as unknown as Observed)
  if (field === 'place') return placeWords(value as unknown as Place)
  if (field === 'outing' && typeof value === 'string') return outingWords(value, dex)
  return typeof value === 'string' ? value : JSON.stringify(value)
}

/** Which of an entry's pictures a value names, none being the first; absent: it is no longer there. */
export const pictureOf = ({ images = [] }: Pick<EntryOnScreen, 'images'>, value: Json): ImagePart | undefined =>
  value === null ? primaryOf(images, undefined) : images.find(({ id }) => id === value)

/** A picture by its place among the entry's: its id says nothing to anybody. */
export function pictureWords({ images = [] }: Pick<EntryOnScreen, 'images'>, value: Json): string {
  const picture = pictureOf({ images }, value)
  return picture ? t('tray.picture', { n: images.indexOf(picture) + 1, count: images.length }) : t('tray.picture.gone')
}

function outingWords(id: string, { outings }: Pick<Dex, 'outings'>): string {
  const outing = outings.get(id)
  return outing ? (outing.name ?? t('outing.unnamed', { date: formatInstant(outing.created) })) : t('outing.gone')
}
