import type { Observed } from '@biologidex/core/entries/observed'
import { primaryOf } from '@biologidex/core/images/primary'
import type { Payload } from './shapes.ts'

/** What an answer of sync needs of an entry's payload. */
export type SyncPayload = Pick<Payload, 'id' | 'publicId' | 'animal' | 'observed' | 'called'> & {
  readonly favourite?: boolean | undefined
  /** The image that a PNG is made of. */
  readonly png: string | undefined
}

/** The image that a PNG is made of: the one that stands for the entry, once it can be shown. */
export function pngImageOf({ images, primaryImage }: Pick<Payload, 'images' | 'primaryImage'>): string | undefined {
  const primary = primaryOf(images, primaryImage)
  return primary?.state === 'ready' ? primary.id : undefined
}

/** A payload in full, and the image that a PNG is made of. */
export function parsePayload(text: string): Payload & SyncPayload {
  const payload = JSON.parse(text) as Payload
  return { ...payload, png: pngImageOf(payload) }
}

const UUID = 36
/** How a projection begins: fields in the order in which `project` names them, those that are unset left out. */
const [ID, PUBLIC_ID, ANIMAL, OBSERVED] = ['{"type":"entry","id":"', '","publicId":"', '","animal":"', ',"observed":{']
const [FAVOURITE, CHOSEN, IMAGES] = [',"favourite":true', ',"primaryImage":"', ',"images":[{"id":"']
const [STATE, READY] = ['","state":"', 'ready"']

/** The UUID behind `name` at some place of a text; undefined when something else is there. */
function uuidAfter(text: string, name: string, at: number): string | undefined {
  const from = at + name.length
  return text.startsWith(name, at) ? text.slice(from, from + UUID) : undefined
}

/** Fields that are parsed. */
const MADE_UP = ['"customizations":', '"called":']

/** Where the fields behind the animal begin. */
const REST = ID.length + PUBLIC_ID.length + ANIMAL.length + 3 * UUID

/**
 * Reads an entry's payload for an answer of sync. Parsing all of it would take a third of such an answer's time, so the little that is
 * needed is picked out: within texts every quote is escaped, and so `,"images":[` can only be a name and its value. What may hold names that
 * people made up (`customizations`, `called`), or is otherwise than projections are today, is parsed.
 */
export function readSyncPayload(text: string): SyncPayload {
  const id = uuidAfter(text, ID, 0)
  const publicId = uuidAfter(text, PUBLIC_ID, ID.length + UUID)
  const animal = uuidAfter(text, ANIMAL, REST - UUID - ANIMAL.length)
  const at = text.indexOf(IMAGES, REST)
  const image = uuidAfter(text, IMAGES, at)
  const stateAt = at + IMAGES.length + UUID
  if (id === undefined || publicId === undefined || animal === undefined || image === undefined) return parsePayload(text)
  const between = text.slice(REST, at)
  if (!text.startsWith(STATE, stateAt) || MADE_UP.some((name) => between.includes(name))) return parsePayload(text)
  // Directly before the images: which of them was chosen, if one was, and before that, whether it is a favourite.
  const chosenAt = at - CHOSEN.length - UUID - 1
  const chosen = uuidAfter(text, CHOSEN, chosenAt)
  if (chosen !== undefined && chosen !== image) return parsePayload(text)
  const from = stateAt + STATE.length
  const png = text.startsWith(READY, from) ? image : undefined
  const favourite = text.endsWith(FAVOURITE, chosen === undefined ? at : chosenAt)
  return { id, publicId, animal, observed: observedIn(text), favourite, png }
}

const [AT, ZONE] = ['{"at":"', '","zone":']

/** The observation date, which stands behind the animal. Its texts are dates and times: no quote and no brace but its own. */
function observedIn(text: string): Observed | undefined {
  if (!text.startsWith(OBSERVED, REST + 1)) return undefined
  const from = REST + OBSERVED.length
  const end = text.indexOf('}', from)
  const quote = text.indexOf('"', from + AT.length)
  const at = text.slice(from + AT.length, quote)
  const zone = text.startsWith(ZONE, quote) ? Number(text.slice(quote + ZONE.length, end)) : undefined
  const known = text.startsWith(AT, from) && (zone === undefined ? quote + 1 === end : !Number.isNaN(zone))
  if (!known) return JSON.parse(text.slice(from, end + 1)) as Observed
  return zone === undefined ? { at } : { at, zone }
}
