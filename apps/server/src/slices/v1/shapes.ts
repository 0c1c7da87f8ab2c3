import type { AnimalItem } from '@biologidex/core/animals/animal'
import type { OwnEntry, SharedEntry } from '@biologidex/core/entries/entry'
import { primaryOf } from '@biologidex/core/images/primary'
import type { V1Animal, V1Entry, V1SyncEntry } from '@biologidex/core/v1/shapes'
import { toCatchDate, toTime } from '@biologidex/core/v1/times'
import type { V1Picture } from '../../db/v1-queries.ts'
import { commonNameOf, type KnownAnimal } from './animals.memory.ts'
import type { SyncPayload } from './sync-payload.ts'
import { pictureName, type Signer } from './urls.ts'

/** An animal in full. What the catalogue does not tell is empty. */
export function toV1Animal(item: AnimalItem): V1Animal {
  const { id, scientificName, number, ranks = {}, iucn, verified = false } = item
  const { kingdom = '', phylum = '', class: class_name = '', order = '', family = '', genus = '', species = '' } = ranks
  return {
    id,
    scientific_name: scientificName,
    common_name: commonNameOf(item),
    ...{ kingdom, phylum, class_name, order, family, genus, species },
    subspecies: ranks.subspecies ?? '',
    creation_index: number ?? null,
    conservation_status: iucn?.category ?? '',
    verified,
    description: '',
    habitat: '',
    diet: '',
    interesting_facts: [],
  }
}

/** An entry's payload, of whichever audience. */
export type Payload = SharedEntry & Partial<Pick<OwnEntry, 'visibility' | 'created' | 'updated'>>

/** What is the same for all entries of one answer of one dex. */
export interface Frame {
  readonly dex: string
  /** Whether it is the reader's own dex. */
  readonly own: boolean
  readonly username: string
  /** Scheme and host. */
  readonly base: string
  readonly signer: Signer
}

/** An entry with all that its shapes are made from. */
export interface Joined<P = Payload> {
  readonly payload: P
  readonly changedAt: number
  readonly animal: KnownAnimal
  /** Of its primary picture; undefined while there is none. */
  readonly picture: V1Picture | undefined
}

/** The absolute address of an entry's PNG. */
const addressOf = ({ id }: Pick<Payload, 'id'>, sha256: string, { base, signer }: Pick<Frame, 'base' | 'signer'>): string =>
  base + signer.path(id, pictureName(sha256), 'png')

/**
 * When a PNG was made; for others not before they could see the entry as it is: that there was something to be made a picture of is
 * nothing they may know (privacy.md: times).
 */
const pictureTime = ({ madeAt }: V1Picture, changedAt: number, { own }: Pick<Frame, 'own'>): string =>
  toTime(own ? madeAt : Math.max(madeAt, changedAt))

function pictureFields({ payload, picture, changedAt }: Joined, frame: Frame) {
  if (!picture?.sha256) return { dex_compatible_url: '', image_checksum: '', image_updated_at: null }
  return {
    dex_compatible_url: addressOf(payload, picture.sha256, frame),
    image_checksum: picture.sha256,
    image_updated_at: pictureTime(picture, changedAt, frame),
  }
}

/** An entry as sync answers it. A new name and a new PNG count as changes of it. */
export function toSyncEntry(joined: Joined, frame: Frame): V1SyncEntry {
  const { payload, changedAt, animal, picture } = joined
  return {
    id: payload.publicId,
    animal_id: animal.item.id,
    creation_index: animal.item.number ?? 0,
    scientific_name: animal.item.scientificName,
    common_name: commonNameOf(animal.item),
    owner_username: frame.username,
    ...pictureFields(joined, frame),
    catch_date: payload.observed ? toCatchDate(payload.observed) : null,
    is_favorite: payload.favourite ?? false,
    updated_at: toTime(Math.max(changedAt, animal.namedAt, picture?.madeAt ?? 0)),
  }
}

/** What is the same for all entries of an answer that is written as text, as parts of JSON. */
export interface TextFrame {
  /** From the username to where the address of a picture goes on with the entry. */
  readonly pictured: string
  /** From the username to when the picture was made, where there is none. */
  readonly unpictured: string
  readonly signer: Signer
  readonly own: boolean
}

/** What goes around the entries of an answer that is written as text. */
export function toTextFrame({ base, username, signer, own }: Frame): TextFrame {
  const owner = `,"owner_username":${JSON.stringify(username)},`
  const address = JSON.stringify(base + signer.folder).slice(0, -1)
  return {
    pictured: `${owner}"dex_compatible_url":${address}`,
    unpictured: `${owner}"dex_compatible_url":"","image_checksum":"","image_updated_at":null`,
    signer,
    own,
  }
}

function pictureText({ payload: { id }, picture, changedAt }: Joined<SyncPayload>, frame: TextFrame): string {
  const { pictured, unpictured, signer } = frame
  const sha256 = picture?.sha256
  if (!sha256) return unpictured
  const name = pictureName(sha256)
  const ending = `.png","image_checksum":"${sha256}","image_updated_at":"${pictureTime(picture, changedAt, frame)}"`
  return `${pictured}${id}/${name}.${signer.sign(id, name)}${ending}`
}

/** As `toSyncEntry`, as JSON: what is written here by hand holds nothing that would have to be escaped. */
export function toSyncText(joined: Joined<SyncPayload>, frame: TextFrame): string {
  const { payload, changedAt, animal, picture } = joined
  const { publicId, observed, favourite = false } = payload
  const caught = observed ? `"${toCatchDate(observed)}"` : 'null'
  const updated = toTime(Math.max(changedAt, animal.namedAt, picture?.madeAt ?? 0))
  const ending = `,"catch_date":${caught},"is_favorite":${favourite},"updated_at":"${updated}"}`
  return `{"id":"${publicId}",${animal.text}${pictureText(joined, frame)}${ending}`
}

/** An entry in full, as far as its reader may see it. */
export function toV1Entry(joined: Joined, frame: Frame): V1Entry {
  const { payload, animal } = joined
  const sync = toSyncEntry(joined, frame)
  const { place, visibility, created } = payload
  const primary = primaryOf(payload.images, payload.primaryImage)
  const type = primary && primary.state !== 'waiting' ? primary.original?.type.slice('image/'.length) : undefined
  return {
    ...sync,
    owner: frame.dex,
    animal: animal.item.id,
    animal_details: toV1Animal(animal.item),
    original_image: type ? frame.base + frame.signer.path(payload.id, 'original', type) : null,
    processed_image: sync.dex_compatible_url || null,
    location_lat: place?.lat ?? null,
    location_lon: place?.lon ?? null,
    location_name: place?.name ?? place?.region ?? '',
    location_coords: place ? { lat: place.lat, lon: place.lon } : null,
    notes: payload.note ?? '',
    customizations: payload.customizations ?? {},
    visibility: visibility ?? null,
    created_at: created === undefined ? null : toTime(created),
  }
}
