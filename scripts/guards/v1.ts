import type { Guard } from './guard.ts'

/** Guards of what older clients are told. */
export const v1Guards: readonly Guard[] = [
  {
    name: 'readers by time look back behind what commits late (V1)',
    file: 'apps/server/src/slices/v1/dex.service.ts',
    find: 'const since = lastSync === undefined ? undefined : lastSync - OVERLAP_MS',
    replace: 'const since = lastSync',
    test: 'apps/server/src/slices/v1/sync.test.ts',
  },
  {
    name: 'a new friend’s older entries arrive (V1)',
    file: 'apps/server/src/slices/v1/dex.service.ts',
    find: ' || since < head.wholeBefore',
    replace: '',
    test: 'apps/server/src/slices/v1/sync.test.ts',
  },
  {
    name: 'a new name counts as a change (V1)',
    file: 'apps/server/src/slices/v1/dex.service.ts',
    find: 'head.picturedAt >= since || namedAt >= since',
    replace: 'head.picturedAt >= since',
    test: 'apps/server/src/slices/v1/sync.test.ts',
  },
  {
    name: 'an answer to an old client ends when the right to it does (P7)',
    file: 'apps/server/src/slices/v1/answer.service.ts',
    find: '      if (!(await mayGoOn(ctx, caller, head))) throw new AnswerEnded()\n',
    replace: '',
    test: 'apps/server/src/slices/v1/sync.test.ts',
  },
  {
    name: 'what is hidden while an old client is reading is not sent to it any more (V1, P7)',
    file: 'apps/server/src/slices/v1/answer.service.ts',
    find: 'const moved = (await ctx.db.hot.rowsBetween(head.id, readAt, Number.MAX_SAFE_INTEGER)) > 0',
    replace: 'const moved = false',
    test: 'apps/server/src/slices/v1/sync.test.ts',
  },
  {
    name: 'v1 does not date a picture before others could see its entry (privacy)',
    file: 'apps/server/src/slices/v1/shapes.ts',
    find: 'toTime(own ? madeAt : Math.max(madeAt, changedAt))',
    replace: 'toTime(own ? madeAt : madeAt)',
    test: 'apps/server/src/slices/v1/pictures.test.ts',
  },
  {
    name: 'an address of a picture opens nothing without its signature (I3)',
    file: 'apps/server/src/slices/v1/shown.service.ts',
    find: '  if (!sameSignature(signature, signer.sign(entry, what))) return undefined\n',
    replace: '',
    test: 'apps/server/src/slices/v1/pictures.test.ts',
  },
]
