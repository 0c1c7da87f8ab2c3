import type { AnimalItem } from '@biologidex/core/animals/animal'
import { commonName } from '@biologidex/core/animals/common-name'
import { primaryOf } from '@biologidex/core/images/primary'
import type { EntryOnScreen } from '@biologidex/core/sync/overlay'
import type { SyncPlace } from '../../ui/sync-mark.tsx'

/** The picture of a plate: which image, its thumbhash, and the checksum of the server's rendition once there is one. */
export interface PlatePicture {
  readonly entry: string
  readonly image: string
  readonly thumbhash?: string
  readonly sha256?: string
}

/** What the wall needs to know of one entry. */
export interface Facts {
  readonly entry: EntryOnScreen
  readonly animal: AnimalItem | undefined
  /** Common name, else the scientific one, else empty: not named yet. */
  readonly name: string
  readonly latin: string
  /** By which it is ordered by date: the observation date, else the day it was kept. */
  readonly dateKey: string
  readonly picture: PlatePicture | undefined
}

/** How a dex is read by the wall. */
export interface WallSource {
  readonly entries: ReadonlyMap<string, EntryOnScreen>
  readonly animal: (id: string) => AnimalItem | undefined
}

/** A name said without an animal: the last identification that is words alone. */
function saidName(entry: EntryOnScreen): string {
  return entry.identifications?.findLast((said) => said.text && !said.animal)?.text ?? ''
}

function pictureOf(entry: EntryOnScreen): PlatePicture | undefined {
  const image = primaryOf(entry.images, entry.primaryImage)
  if (!image) return undefined
  const sha256 = image.renditions?.wall?.sha256
  return {
    entry: entry.id,
    image: image.id,
    ...(image.thumbhash ? { thumbhash: image.thumbhash } : {}),
    ...(sha256 ? { sha256 } : {}),
  }
}

function factsOf(entry: EntryOnScreen, animal: AnimalItem | undefined, language: string): Facts {
  const latin = animal?.scientificName ?? entry.typedAnimal?.scientificName ?? ''
  const common = animal ? commonName(animal, language) : entry.typedAnimal?.commonName
  const name = common || latin || saidName(entry)
  return {
    entry,
    animal,
    name,
    latin,
    dateKey: entry.observed?.at ?? (entry.created ? new Date(entry.created).toISOString().slice(0, 16) : ''),
    picture: pictureOf(entry),
  }
}

/** Keeps what was worked out for an entry for as long as neither it nor its animal changes. */
export class FactBook {
  readonly #language: string
  readonly #facts = new WeakMap<EntryOnScreen, Facts>()
  #last: readonly Facts[] = []

  constructor(language: string) {
    this.#language = language
  }

  /** Facts of every entry; the very list of last time where nothing is otherwise. */
  of(source: WallSource): readonly Facts[] {
    const animals = new Map<string, AnimalItem | undefined>()
    const animalOf = (id: string): AnimalItem | undefined => {
      if (!animals.has(id)) animals.set(id, source.animal(id))
      return animals.get(id)
    }
    const facts = Array.from(source.entries.values(), (entry) =>
      this.#one(entry, entry.animal ? animalOf(entry.animal) : undefined),
    )
    const last = this.#last
    if (last.length !== facts.length || facts.some((one, at) => one !== last[at])) this.#last = facts
    return this.#last
  }

  #one(entry: EntryOnScreen, animal: AnimalItem | undefined): Facts {
    const known = this.#facts.get(entry)
    if (known && sameAnimal(known.animal, animal)) return known
    const made = factsOf(entry, animal, this.#language)
    this.#facts.set(entry, made)
    return made
  }
}

/** A joined record is a new object each time, so it is compared by what can change. */
const sameAnimal = (a: AnimalItem | undefined, b: AnimalItem | undefined): boolean =>
  a === b || (a !== undefined && b !== undefined && a.id === b.id && a.rev === b.rev && a.number === b.number)

/** What is known of sync for the marks on plates. */
export interface Standing {
  /** Ids of entries that wait for the person: clashes, and what was set aside. */
  readonly needing: ReadonlySet<string>
  /** True while pictures of this device are still to go up. One that is awaited of another device is not "saved here". */
  readonly picturesHere: boolean
}

/** Where an entry stands. */
export function placeOf(entry: EntryOnScreen, { needing, picturesHere }: Standing): SyncPlace {
  if (needing.has(entry.id)) return 'needs'
  if (entry.pending) return 'here'
  return picturesHere && entry.images?.some((image) => image.state === 'waiting') ? 'here' : 'server'
}
