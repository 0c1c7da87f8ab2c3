import { createHash } from 'node:crypto'
import type { AnimalItem } from '@biologidex/core/animals/animal'
import type { OwnEntry } from '@biologidex/core/entries/entry'
import type { OutingItem } from '@biologidex/core/entries/outing'
import { isUuid, uuid } from '@biologidex/core/ids'
import type { ImagePart } from '@biologidex/core/images/image'
import type { EntryOnScreen, OutingOnScreen } from '@biologidex/core/sync/overlay'
import { z } from 'zod'
import { folderName, nameOf, pictureName } from './naming.ts'
import type { Tree } from './tree.ts'

/** The form of the JSON files; a reader refuses a higher one. */
const FORMAT = 1

/** A text file as it is to lie there. */
export interface WantedText {
  readonly path: string
  readonly text: string
  readonly sha256: string
}

/** An original as it is to lie there. */
export interface WantedPicture {
  readonly path: string
  readonly sha256: string
  readonly entry: string
  readonly image: string
}

export interface WantedEntry {
  readonly id: string
  readonly folder: string
  readonly json: WantedText
  readonly pictures: readonly WantedPicture[]
  /** Pictures whose bytes are on another device still. */
  readonly waiting: number
}

/** All files of a dex: entries and the list of them. */
export interface Wanted {
  readonly entries: readonly WantedEntry[]
  readonly index: WantedText
}

/** The list of all entries, which says whose dex the folder holds. */
const INDEX = 'dex.json'

const indexOwner = z.object({ account: uuid, username: z.string() })

/** Whose dex a folder holds, by the list in it; undefined when that does not say. */
export async function ownerOf(tree: Tree): Promise<z.infer<typeof indexOwner> | undefined> {
  if ((await tree.found(INDEX)).at === 'nothing') return undefined
  try {
    return indexOwner.safeParse(JSON.parse(Buffer.from(await tree.read(INDEX)).toString())).data
  } catch {
    // Something else lies there: it is left as it is.
    return undefined
  }
}

/** What the mirror reads of a dex. */
export interface DexToMirror {
  readonly account: string
  readonly username: string
  readonly entries: Iterable<EntryOnScreen>
  readonly outings: ReadonlyMap<string, OutingOnScreen>
  animal(id: string): AnimalItem | undefined
}

function asText(path: string, value: unknown): WantedText {
  const text = `${JSON.stringify(value, null, 2)}\n`
  return { path, text, sha256: createHash('sha256').update(text).digest('hex') }
}

/** Pictures whose bytes the server has from their owner, HEIC and damaged ones included. */
function isThere({ state, reason, original }: ImagePart): boolean {
  if (!original || state === 'waiting') return false
  return reason !== 'not_a_picture' && reason !== 'picture_type_refused'
}

/** The entry as the server has it: nothing of how it stands on this machine. */
function asKept({ pending: _, typedAnimal: __, ...entry }: EntryOnScreen): OwnEntry {
  return entry
}

const outingAsKept = ({ pending: _, ...outing }: OutingOnScreen): OutingItem => outing

/** The records that an entry names by their ids. */
interface Named {
  readonly animal: AnimalItem | undefined
  readonly outing: OutingItem | undefined
}

function wantedEntry(entry: OwnEntry, { animal, outing }: Named, folder: string): WantedEntry {
  const images = (entry.images ?? []).filter(({ id }) => isUuid(id))
  const there = images.filter(isThere)
  const pictures = there.map((image) => ({
    path: `entries/${folder}/${pictureName(image)}`,
    sha256: image.original?.sha256 ?? '',
    entry: entry.id,
    image: image.id,
  }))
  const files = Object.fromEntries(there.map((image) => [image.id, pictureName(image)]))
  const named = { ...(animal ? { animal } : {}), ...(outing ? { outing } : {}) }
  const json = asText(`entries/${folder}/entry.json`, { format: FORMAT, files, entry, ...named })
  return { id: entry.id, folder, json, pictures, waiting: images.filter(({ state }) => state === 'waiting').length }
}

/** A line of the list: enough to find an entry by. */
function indexLine(entry: OwnEntry, animal: AnimalItem | undefined, folder: string) {
  const { id, observed, visibility } = entry
  const pictures = entry.images?.length ?? 0
  const { number, scientificName } = animal ?? {}
  return {
    id,
    folder: `entries/${folder}`,
    number,
    name: nameOf(entry, animal),
    scientificName,
    observed,
    visibility,
    pictures,
  }
}

/**
 * What is to lie in the folder, from the dex alone: the same dex gives the same bytes. Ids become part of paths, so an entry whose id is
 * none is left out.
 */
export function wanted(dex: DexToMirror): Wanted {
  const found = [...dex.entries]
    .filter(({ id }) => isUuid(id))
    .map((one) => {
      const entry = asKept(one)
      const animal = entry.animal === undefined ? undefined : dex.animal(entry.animal)
      return { entry, animal, folder: folderName(entry, animal) }
    })
  found.sort((a, b) => (a.folder < b.folder ? -1 : a.folder > b.folder ? 1 : a.entry.id < b.entry.id ? -1 : 1))
  const taken = new Set<string>()
  const named = found.map(({ entry, animal, folder: usual }) => {
    // Two ids that begin alike: the later one is told by its whole id.
    const folder = taken.has(usual) ? `${usual.slice(0, -8)}${entry.id}` : usual
    taken.add(folder)
    return { entry, animal, folder }
  })
  const lines = named.map(({ entry, animal, folder }) => indexLine(entry, animal, folder))
  const { account, username } = dex
  const outings = Array.from(dex.outings.values(), outingAsKept).sort((a, b) => (a.id < b.id ? -1 : 1))
  const outingOf = new Map(outings.map((outing) => [outing.id, outing]))
  return {
    entries: named.map(({ entry, animal, folder }) => {
      return wantedEntry(entry, { animal, outing: outingOf.get(entry.outing ?? '') }, folder)
    }),
    index: asText(INDEX, { format: FORMAT, account, username, entries: lines, outings }),
  }
}
