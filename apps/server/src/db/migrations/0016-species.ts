import type { Migration } from '../migration.ts'

/**
 * The species that an animal of a lower rank is a part of: without a category of its own it is as threatened as that. What others see
 * of those that are there is projected anew.
 */
export const species: Migration = {
  number: 16,
  name: 'species',
  statements: ({ binomial }) => [
    'ALTER TABLE animals ADD COLUMN species TEXT',
    // Where the third word is an author's it is the animal's own name, of which nothing more is known.
    `UPDATE animals SET species = lower(${binomial('scientific_name')}) WHERE scientific_name LIKE '% % %'`,
    'CREATE INDEX animals_by_species ON animals (species) WHERE species IS NOT NULL',
    `INSERT INTO jobs (id, kind, payload, run_at, attempts)
      SELECT 'species/' || a.id, 'reproject animal', a.id, 0, 0
      FROM animals a JOIN animal_keys k ON k.name_key = a.species JOIN animals s ON s.id = k.animal_id
      WHERE a.iucn IS NULL AND a.number IS NOT NULL AND s.iucn IN ('VU', 'EN', 'CR', 'EW')`,
  ],
}
