import type { Observed } from '@biologidex/core/entries/observed'
import type { Payload } from './shapes.ts'

/** What an answer of sync needs of an entry's payload. */
export type SyncPayload = Pick<Payload, 'id' | 'publicId' | 'animal' | 'observed' | 'favourite' | 'primaryImage'> & {
  readonly images?: readonly { readonly id: string; readonly state: string }[] | undefined
}

/** How a projection begins: fields in the order in which `project` names them, those that are unset left out. */
const HEAD = /^\{"type":"entry","id":"([^"\\]+)","publicId":"([^"\\]+)","animal":"([^"\\]+)"(?:,"observed":(\{[^{}]*\}))?/
const IMAGES = /(?:,"primaryImage":"([^"\\]+)")?,"images":\[\{"id":"([^"\\]+)","state":"(\w+)"/
const parse = (text: string): SyncPayload => JSON.parse(text) as Payload

/**
 * Reads an entry's payload for an answer of sync. Parsing all of it would take a third of such an answer's time, so the little that is
 * needed is picked out: within texts every quote is escaped, and so `,"images":` can only be a name. What may hold names that
 * people made up (`customizations`), or is otherwise than projections are today, is parsed.
 */
export function readSyncPayload(text: string): SyncPayload {
  const head = HEAD.exec(text)
  if (!head || text.includes('"customizations":')) return parse(text)
  const [, id = '', publicId = '', animal = '', observed] = head
  const at = text.indexOf(',"images":')
  const [, chosen, image = '', state = ''] = (at < 0 ? undefined : IMAGES.exec(text)) ?? []
  if (at >= 0 && (image === '' || (chosen !== undefined && chosen !== image))) return parse(text)
  return {
    id,
    publicId,
    animal,
    ...(observed === undefined ? {} : { observed: JSON.parse(observed) as Observed }),
    ...(text.includes(',"favourite":true') ? { favourite: true } : {}),
    ...(image === '' ? {} : { images: [{ id: image, state }] }),
  }
}
