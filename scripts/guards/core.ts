import type { Guard } from './guard.ts'

/** Guards of what all rooms share: who may see which field, and what may be brought in. */
export const coreGuards: readonly Guard[] = [
  {
    name: 'private entries are nobody else’s (privacy)',
    file: 'packages/core/src/entries/project.ts',
    find: "if (entry.visibility === 'private' || (audience === 'public' && entry.visibility !== 'public')) return null",
    replace: '',
    test: 'packages/core/src/entries/project.test.ts',
  },
  {
    name: 'vulnerable species are never shown exactly (privacy: Location)',
    file: 'packages/core/src/entries/project.ts',
    find: "return isVulnerable(iucn) ? coarser(chosen, 'area') : chosen",
    replace: 'return isVulnerable(iucn) ? chosen : chosen',
    test: 'packages/core/src/entries/project.test.ts',
  },
  {
    name: 'an obscured place takes the time of day with it (privacy: Location)',
    file: 'packages/core/src/entries/project.ts',
    find: "precision !== 'exact' ? toDay(entry.observed) : (entry.observed ?? undefined)",
    replace: "precision !== 'exact' ? entry.observed : (entry.observed ?? undefined)",
    test: 'packages/core/src/entries/project.test.ts',
  },
  {
    name: 'HTML and scripts in disguise are no pictures',
    file: 'packages/core/src/images/sniff.ts',
    find: "if (text.startsWith('<svg') || (text.startsWith('<?xml') && text.includes('<svg'))) return { kind: 'refused', what: 'SVG' }",
    replace: '',
    test: 'packages/core/src/images/sniff.test.ts',
  },
  {
    name: 'what comes out of a file is checked field by field (C1)',
    file: 'packages/core/src/exchange/saved-work.ts',
    find: 'const schema = schemaOf(isValue ? FIELDS[type] : LISTS[type], field)',
    replace: 'const schema = z.unknown()',
    test: 'packages/core/src/exchange/saved-work.test.ts',
  },
  {
    name: 'somebody else’s old records never become one’s own',
    file: 'packages/core/src/exchange/import-plan.ts',
    find: "    if (!isOwn) return { ...bare, fate: 'other', code: 'somebody_else' }\n",
    replace: '',
    test: 'packages/core/src/exchange/import-plan.test.ts',
  },
  {
    name: 'an import does not bring back what was deleted',
    file: 'packages/core/src/exchange/import-plan.ts',
    find: "    if (met.deleted) return { ...bare, entry, fate: 'deleted', code: 'deleted' }\n",
    replace: '',
    test: 'packages/core/src/exchange/import-plan.test.ts',
  },
]
