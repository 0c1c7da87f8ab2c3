import type { Migration } from '../migration.ts'

/**
 * Entries of an animal that others may see, and those that everybody may: whether there is one, and whose, is asked while others wait,
 * and an animal may have a hundred thousand that are private. What is asked for so has to name the same conditions.
 */
export const sharedEntries: Migration = {
  number: 19,
  name: 'shared entries',
  statements: () => [
    "CREATE INDEX entries_shared ON entries (animal_id, owner_id, id) WHERE visibility <> 'private' AND deleted_at IS NULL",
    "CREATE INDEX entries_public ON entries (animal_id, owner_id, id) WHERE visibility = 'public' AND deleted_at IS NULL",
  ],
}
