import { commonName } from '@biologidex/core/animals/common-name'
import type { Observed } from '@biologidex/core/entries/observed'
import type { Place } from '@biologidex/core/entries/place'
import type { Json } from '@biologidex/core/json'
import { formatCount, formatObserved } from '../format.ts'
import { type MessageId, readerLanguage, t } from '../i18n.tsx'
import type { Dex } from '../session-store.ts'

const FIELDS: Readonly<Record<string, MessageId>> = {
  animal: 'tray.field.animal',
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
}
const VISIBILITIES: Readonly<Record<string, MessageId>> = {
  private: 'tray.visibility.private',
  friends: 'tray.visibility.friends',
  public: 'tray.visibility.public',
}

/** A field of an entry in words: "the note". */
export const fieldWords = (field: string): string => t(FIELDS[field] ?? 'tray.field.other')

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
export function valueWords(field: string, value: Json | undefined, dex: Pick<Dex, 'animal'>): string {
  if (value === undefined || value === null || value === '') return t('tray.clash.nothing')
  if (field === 'visibility' && typeof value === 'string') return t(VISIBILITIES[value] ?? 'tray.field.visibility')
  if (typeof value === 'boolean') return t(value ? 'tray.yes' : 'tray.no')
  if (typeof value === 'number') return formatCount(value)
  if (field === 'animal') return animalWords(value, dex)
  if (field === 'observed') return formatObserved(value as unknown as Observed)
  if (field === 'place') return placeWords(value as unknown as Place)
  return typeof value === 'string' ? value : JSON.stringify(value)
}
