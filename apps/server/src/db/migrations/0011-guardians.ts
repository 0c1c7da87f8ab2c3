import type { Migration } from '../migration.ts'

/** Managed accounts have a guardian. One that is deleted leaves them to the admins. */
export const guardians: Migration = {
  number: 11,
  name: 'guardians',
  statements: () => [
    'ALTER TABLE accounts ADD COLUMN guardian_id TEXT REFERENCES accounts (id) ON DELETE SET NULL',
    'CREATE INDEX accounts_by_guardian ON accounts (guardian_id)',
  ],
}
