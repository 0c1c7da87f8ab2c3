import type { Guard } from './guard.ts'

const SYNC = 'apps/server/src/slices/sync'

/** Guards of accounts, friendships and blocks on the server. */
export const peopleGuards: readonly Guard[] = [
  {
    name: 'a reset link works once',
    file: 'apps/server/src/slices/accounts/passwords.service.ts',
    find: '    await deleteResets(tx, account.id)\n',
    replace: '',
    test: 'apps/server/src/slices/accounts/passwords.test.ts',
  },
  {
    name: 'a reset link is too old after a day',
    file: 'apps/server/src/slices/accounts/passwords.service.ts',
    find: ' || reset.expires_at <= (await tx.now())',
    replace: '',
    test: 'apps/server/src/slices/accounts/passwords.test.ts',
  },
  {
    name: 'a new password ends the other sessions',
    file: 'apps/server/src/slices/accounts/passwords.service.ts',
    find: 'return endSessions(tx, ctx.nudges, caller.account, { except: caller.session })',
    replace: 'return 0',
    test: 'apps/server/src/slices/accounts/passwords.test.ts',
  },
  {
    name: 'nobody ends another’s session',
    file: 'apps/server/src/slices/accounts/sessions.store.ts',
    find: "deleteFrom('sessions').where('account_id', '=', account)",
    replace: "deleteFrom('sessions')",
    test: 'apps/server/src/slices/accounts/sessions.test.ts',
  },
  {
    name: 'accounts are listed for admins alone',
    file: 'apps/server/src/slices/accounts/admin.service.ts',
    find: "  if (account?.role !== 'admin') throw new AppError('not_found')\n",
    replace: '',
    test: 'apps/server/src/slices/accounts/admin.test.ts',
  },
  {
    name: 'nobody changes another’s profile',
    file: 'apps/server/src/slices/accounts/accounts.mutations.ts',
    find: "  if (mutation.id !== work.owner) throw new AppError('missing_target', { setting: mutation.id })\n",
    replace: '',
    test: 'apps/server/src/slices/accounts/accounts.mutations.test.ts',
  },
  {
    name: 'the friend code is its owner’s alone',
    file: 'apps/server/src/slices/accounts/accounts.feed.ts',
    find: "...(audience === 'owner' ? { friendCode",
    replace: '...(audience ? { friendCode',
    test: 'apps/server/src/slices/accounts/accounts.mutations.test.ts',
  },
  {
    name: 'what opens an account is not drawn where a demo draws its ids',
    file: 'apps/server/src/slices/accounts/accounts.service.ts',
    find: "seal: randomBytes(32).toString('hex')",
    replace: 'seal: tx.random.uuid()',
    test: 'apps/server/src/slices/demo/demo.test.ts',
  },
  {
    name: 'for the blocked there is nothing (privacy)',
    file: 'apps/server/src/slices/friends/friends.service.ts',
    find: 'if (byThem || byUs) return undefined',
    replace: 'if (byUs) return undefined',
    test: 'apps/server/src/slices/roles.test.ts',
  },
  {
    name: 'asking who blocked one answers as if there were nobody (privacy)',
    file: 'apps/server/src/slices/friends/friends.mutations.ts',
    find: "  if (await store.isBlocked(tx.q, person.id, owner)) throw new AppError('missing_target')\n",
    replace: '',
    test: 'apps/server/src/slices/friends/friends.test.ts',
  },
  {
    name: 'a deletion is noted outside the database (G3)',
    file: 'apps/server/src/slices/accounts/deletion.service.ts',
    find: '      await noteDeletion(ctx.config.dataDir, account)\n',
    replace: '',
    test: 'apps/server/src/slices/accounts/deletion.test.ts',
  },
  {
    name: 'whose request waits is not told of a block by asking again (privacy)',
    file: 'apps/server/src/slices/friends/friends.mutations.ts',
    find: "  if (ours === 'friends' || ours === 'asked' || ours === 'held') return {}\n  if (await store.isBlocked(tx.q, person.id, owner)) throw new AppError('missing_target')\n",
    replace:
      "  if (await store.isBlocked(tx.q, person.id, owner)) throw new AppError('missing_target')\n  if (ours === 'friends' || ours === 'asked' || ours === 'held') return {}\n",
    test: 'apps/server/src/slices/friends/friends.test.ts',
  },
  {
    name: 'who was blocked learns nothing by blocking back (privacy)',
    file: 'apps/server/src/slices/friends/standings.service.ts',
    find: '  if (!(await isBlocked(q, person.id, account))) return person',
    replace: '  if (person) return person',
    test: 'apps/server/src/slices/friends/friends.test.ts',
  },
  {
    name: 'taking back a request by code ends no older friendship',
    file: 'apps/server/src/slices/friends/friends.mutations.ts',
    find: '  if (mutation.set?.code && !isOfTheRequest(standing, mutation)) return {}\n',
    replace: '',
    test: 'apps/server/src/slices/friends/friends.test.ts',
  },
  {
    name: 'other processes are told of a session that ended (N1, N2)',
    file: 'apps/server/src/slices/accounts/sessions.service.ts',
    find: '  tx.afterCommit(() => nudges.moved(ended.map(sessionTopic)))\n',
    replace: '',
    test: `${SYNC}/events.test.ts`,
  },
  {
    name: 'whom a managed account accepts waits for its guardian',
    file: 'apps/server/src/slices/friends/friends.mutations.ts',
    find: '  if (work.managed) await hold(work, person)\n  else await becomeFriends(work, person)\n',
    replace: '  await becomeFriends(work, person)\n',
    test: 'apps/server/src/slices/friends/guardians.test.ts',
  },
  {
    name: 'whom a managed account asks is told when its guardian said yes',
    file: 'apps/server/src/slices/friends/friends.mutations.ts',
    find: '  if (work.managed) {\n',
    replace: '  if (!work) {\n',
    test: 'apps/server/src/slices/friends/guardians.test.ts',
  },
  {
    name: 'nobody but its guardian decides for a managed account',
    file: 'apps/server/src/slices/friends/guardians.service.ts',
    find: ' || !(await mayDecideFor(tx.q, caller.account, wardId))',
    replace: '',
    test: 'apps/server/src/slices/friends/guardians.test.ts',
  },
]
