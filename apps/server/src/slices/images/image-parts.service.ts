import type { ImagePart } from '@biologidex/core/images/image'
import type { Kysely } from 'kysely'
import type { Tables } from '../../db/tables.ts'
import { imagesOf } from './images.store.ts'

/** The pictures of entries, in order, as projections take them. Apart from images.service, which publishes entries itself. */
export function partsOf(q: Kysely<Tables>, owner: string, entries: readonly string[]): Promise<Map<string, ImagePart[]>> {
  return imagesOf(q, owner, entries)
}
