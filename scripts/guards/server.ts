import type { Guard } from './guard.ts'

const SYNC = 'apps/server/src/slices/sync'

/** Guards of the server besides its slices. */
export const serverGuards: readonly Guard[] = [
  {
    name: 'sessions and heads are read anew after another program’s commit (SQLite)',
    file: 'apps/server/src/db/sqlite/hot.ts',
    find: 'if (now !== known) forget()',
    replace: 'void forget',
    test: 'apps/server/src/db/sqlite/hot.test.ts',
  },
  {
    name: 'what this program commits is seen by all that reads after it (SQLite)',
    file: 'apps/server/src/db/sqlite/sqlite.ts',
    find: '  committing = () => hot.turn.end()\n',
    replace: '',
    test: 'apps/server/src/db/sqlite/hot-followed.test.ts',
  },
  {
    name: 'a snapshot ends before a commit, so that the log does not grow (SQLite)',
    file: 'apps/server/src/db/sqlite/sqlite.ts',
    find: "        committing()\n        run('COMMIT')\n",
    replace: "        run('COMMIT')\n        committing()\n",
    test: 'apps/server/src/db/sqlite/hot-followed.test.ts',
  },
  {
    name: 'a feed with the number of one that is gone is not followed (SQLite)',
    file: 'apps/server/src/db/sqlite/hot.ts',
    find: ' AND f.owner_id = s.other_id',
    replace: '',
    test: 'apps/server/src/db/sqlite/hot-followed.test.ts',
  },
  {
    name: 'between two jobs others have their turn (W3)',
    file: 'apps/server/src/jobs/queue.ts',
    find: '          await breathe()\n',
    replace: '',
    test: 'apps/server/src/breathe.test.ts',
  },
  {
    name: 'who was told to come later does come (W3)',
    file: 'apps/server/src/db/sqlite/hot.ts',
    find: "iif(f.closed > 0, '.closed', '')",
    replace: "''",
    test: 'apps/server/src/slices/friends/friends.test.ts',
  },
  {
    name: 'what others see of an animal is looked for by an index of its own (W3, G1)',
    file: 'apps/server/src/db/migrate.ts',
    find: '  sharedEntries,\n  revisionsAsTheyCome',
    replace: '  revisionsAsTheyCome',
    test: 'apps/server/src/db/plans.test.ts',
  },
  {
    name: 'what was written is moved from the log to the file once nobody writes',
    file: 'apps/server/src/db/sqlite/sqlite.ts',
    find: '      idle.soon()\n',
    replace: '',
    test: 'apps/server/src/db/sqlite/idle.test.ts',
  },
  {
    name: 'an upgrade loses no state of an entry',
    file: 'apps/server/src/db/migrations/0020-revisions-as-they-come.ts',
    find: 'changes FROM revisions`',
    replace: 'changes FROM revisions WHERE n > 1`',
    test: 'apps/server/src/yesterdays.test.ts',
  },
  {
    name: 'a blob that a dead process kept is made durable before it is relied on (O8)',
    file: 'apps/server/src/blobs/disk.ts',
    find: '      await ensureFolder(folderOf(sha256))\n      await syncFolder(folderOf(sha256))\n      return true\n',
    replace: '      return true\n',
    test: 'apps/server/src/blobs/disk.test.ts',
  },
  {
    name: 'a write that took too long is undone (V1)',
    file: 'apps/server/src/db/sqlite/sqlite.ts',
    find: "        if (performance.now() - begun > longest) throw new AppError('unavailable')\n",
    replace: '',
    test: 'apps/server/src/db/longest-write.test.ts',
  },
  {
    name: 'a feed’s id is never another’s (G3)',
    file: 'apps/server/src/db/migrate.ts',
    find: '  feedIds,\n',
    replace: '',
    test: 'apps/server/src/db/feed-ids.test.ts',
  },
  {
    name: 'what a process says just before it ends is said (N2)',
    file: 'apps/server/src/db/postgres/others.ts',
    find: '      await saying\n',
    replace: '',
    test: `${SYNC}/events.test.ts`,
  },
  {
    name: 'a reader who stops in the middle of an answer is given up',
    file: 'apps/server/src/app.ts',
    find: '    connectionTimeout: STALLED_MS,\n',
    replace: '',
    test: 'apps/server/src/http/route.test.ts',
  },
  {
    name: 'looking people up is limited for a network as a whole (privacy)',
    file: 'apps/server/src/http/route.ts',
    find: '    if (networkRate) app.limiter.take(networkRate, networkOf(request.ip))\n',
    replace: '',
    test: 'apps/server/src/slices/friends/friends.http.test.ts',
  },
]
