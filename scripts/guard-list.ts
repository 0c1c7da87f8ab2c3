/** A guard of the code, how it is taken out, and the test that must then fail. */
export interface Guard {
  readonly name: string
  readonly file: string
  /** Text that stands in the file exactly once. */
  readonly find: string
  readonly replace: string
  readonly test: string
}

const SYNC = 'apps/server/src/slices/sync'

export const GUARDS: readonly Guard[] = [
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
    name: 'the same bytes move nothing (W2, F6)',
    file: `${SYNC}/feed-writer.ts`,
    find: 'if (!next || (old?.payload ?? null) === next.payload) continue',
    replace: 'if (!next) continue',
    test: `${SYNC}/feeds.test.ts`,
  },
  {
    name: 'the area of a place is drawn once (privacy: Location)',
    file: 'apps/server/src/slices/entries/entries.fields.ts',
    find: 'else if (row.area === null || !sameSpot(before, next)) row.area',
    replace: 'else row.area',
    test: `${SYNC}/feeds.test.ts`,
  },
  {
    name: 'a cloned profile is told apart from a repeat (O3)',
    file: `${SYNC}/push.service.ts`,
    find: "if (recorded?.hash !== contentHash(mutation)) throw new AppError('new_identity')",
    replace: "if (!recorded) throw new AppError('new_identity')",
    test: `${SYNC}/push.test.ts`,
  },
  {
    name: 'what did not stand is kept (O4)',
    file: 'apps/server/src/slices/entries/entries.mutations.ts',
    find: "  if (merged.kind === 'conflict') draft.clashes.push({ field, lost: merged.lost, stands: merged.stands })\n",
    replace: '',
    test: `${SYNC}/push.test.ts`,
  },
  {
    name: 'an entry that comes back comes back as private (O5)',
    file: 'apps/server/src/slices/entries/entries.mutations.ts',
    find: "    draft.row.visibility = 'private'\n",
    replace: '',
    test: `${SYNC}/push.test.ts`,
  },
  {
    name: 'another account’s pull is refused (O1)',
    file: `${SYNC}/sync.routes.ts`,
    find: "if (asked !== account) throw new AppError('wrong_account')",
    replace: '',
    test: `${SYNC}/pull.test.ts`,
  },
  {
    name: 'a stream ends when its right goes away (P7)',
    file: `${SYNC}/pull.service.ts`,
    find: 'if (!(await mayGoOn())) throw new StreamEnded()',
    replace: 'await mayGoOn()',
    test: `${SYNC}/pull.test.ts`,
  },
  {
    name: 'an unverified animal is in the catalogue only while it is shown to all',
    file: 'apps/server/src/slices/animals/animals.feed.ts',
    find: 'if (!row.verified && !shown) return null',
    replace: '',
    test: `${SYNC}/feeds.test.ts`,
  },
  {
    name: 'HTML and scripts in disguise are no pictures',
    file: 'packages/core/src/images/sniff.ts',
    find: "if (text.startsWith('<svg') || (text.startsWith('<?xml') && text.includes('<svg'))) return { kind: 'refused', what: 'SVG' }",
    replace: '',
    test: 'packages/core/src/images/sniff.test.ts',
  },
]
