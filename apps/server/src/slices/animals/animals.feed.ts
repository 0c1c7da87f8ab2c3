import type { AnimalItem } from '@biologidex/core/animals/animal'
import type { AnimalsTable } from '../../db/tables.ts'
import type { FeedWriter } from '../sync/feed-writer.ts'
import { toAnimalItem } from './animals.store.ts'

/**
 * An animal as the catalogue has it, or null when it is not in it: verified, or shown by somebody to the public. Its number is
 * there only once it is shown: a private first keeping must move nothing that others read (F6).
 */
export function projectAnimal(row: AnimalsTable, shown: boolean): AnimalItem | null {
  if (!row.verified && !shown) return null
  return toAnimalItem(row, shown ? row.number : null)
}

export function publishAnimal(catalogue: FeedWriter, row: AnimalsTable, shown: boolean): void {
  catalogue.publish('catalogue', `animal/${row.id}`, projectAnimal(row, shown))
}
