import type { Migration } from '../migration.ts'

/**
 * A common name that somebody typed is theirs: it lies with the entry that it was typed on, and not with the animal, where everybody got it
 * who kept the same one. Names that animals hold by now move to the first entry of who kept them first. What others were given of them is
 * written anew at the next start, marked here as of an older projection; a space makes it differ, so that its record travels again.
 */
export const called: Migration = {
  number: 17,
  name: 'called',
  statements: ({ jsonText, jsonWithout }) => {
    const names = jsonText('record', 'names')
    const typed = `SELECT id FROM animals WHERE verified = 0 AND source = 'typed' AND ${names} IS NOT NULL`
    const shown = `payload IS NOT NULL AND (animal_id IN (${typed}) OR item IN (SELECT 'animal/' || t.id FROM (${typed}) t))`
    return [
      'ALTER TABLE entries ADD COLUMN called TEXT',
      'ALTER TABLE entries ADD COLUMN called_animal TEXT',
      `UPDATE entries SET called_animal = animal_id, called = (SELECT ${names} FROM animals WHERE animals.id = entries.animal_id)
        WHERE EXISTS (${typed} AND animals.id = entries.animal_id AND first_kept_by = entries.owner_id) AND entries.id = (
          SELECT e.id FROM entries e WHERE e.owner_id = entries.owner_id AND e.animal_id = entries.animal_id
          ORDER BY e.created_at, e.id LIMIT 1)`,
      `UPDATE feeds SET version = 0 WHERE id IN (SELECT feed_id FROM feed_items WHERE ${shown})`,
      `UPDATE feed_items SET version = 0, payload = payload || ' ' WHERE ${shown}`,
      `UPDATE animals SET record = ${jsonWithout('record', 'names')} WHERE id IN (${typed})`,
      `CREATE TABLE v1_names (
        account_id TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE, animal_id TEXT NOT NULL, name TEXT NOT NULL,
        PRIMARY KEY (account_id, animal_id))`,
    ]
  },
}
