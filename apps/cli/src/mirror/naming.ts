import type { AnimalItem } from '@biologidex/core/animals/animal'
import { commonName } from '@biologidex/core/animals/common-name'
import type { OwnEntry } from '@biologidex/core/entries/entry'
import type { ImagePart, PictureType } from '@biologidex/core/images/image'

const ENDINGS: Record<PictureType, string> = {
  'image/jpeg': 'jpg',
  'image/png': 'png',
  'image/webp': 'webp',
  'image/avif': 'avif',
  'image/gif': 'gif',
  'image/heic': 'heic',
}
const SLUG_CHARS = 40

/** Letters a to z and digits, joined by single dashes: all that ever becomes part of a path. */
export function slug(text: string): string {
  const plain = text.normalize('NFKD').replaceAll(/\p{M}/gu, '').toLowerCase()
  const dashed = plain.replaceAll(/[^a-z0-9]+/g, '-').slice(0, SLUG_CHARS)
  return dashed.replaceAll(/^-|-$/g, '')
}

/** What an entry is called here: its animal's English name, else the scientific one, else what its owner said. */
export function nameOf(entry: OwnEntry, animal: AnimalItem | undefined): string | undefined {
  const said = entry.identifications?.findLast(({ text }) => text)?.text
  return (animal && (commonName(animal, 'en') ?? animal.scientificName)) ?? said
}

const short = (id: string): string => id.slice(0, 8)

/** The folder of an entry: `0042-red-fox-1a2b3c4d`. Its id is a checked UUID. */
export function folderName(entry: OwnEntry, animal: AnimalItem | undefined): string {
  const number = String(animal?.number ?? 0).padStart(4, '0')
  return [number, slug(nameOf(entry, animal) ?? '') || 'unnamed', short(entry.id)].join('-')
}

/** The file of a picture; its place among the others is said in the entry's JSON, so that a new order renames nothing. */
export function pictureName(image: ImagePart): string {
  const type = image.original?.type
  return `${short(image.id)}.${type ? ENDINGS[type] : 'bin'}`
}
