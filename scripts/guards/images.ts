import type { Guard } from './guard.ts'

/** Guards of pictures on the server. */
export const imagesGuards: readonly Guard[] = [
  {
    name: 'garbage is looked at again when it can no longer be read (I5)',
    file: 'apps/server/src/slices/images/sweep.service.ts',
    find: 'return (await referenced(db, db.read, [sha256])).size === 0',
    replace: 'return true',
    test: 'apps/server/src/slices/images/sweep.test.ts',
  },
  {
    name: 'what others refer to is no garbage (I5)',
    file: 'apps/server/src/slices/images/garbage.store.ts',
    find: "    await named('images', text('renditions', 'screen', 'sha256')),\n",
    replace: '',
    test: 'apps/server/src/slices/images/sweep.test.ts',
  },
  {
    name: 'a picture in the bin is nobody’s to see',
    file: 'apps/server/src/slices/images/images.store.ts',
    find: "      .where('deleted_at', 'is', null)\n      .orderBy('position')",
    replace: "      .orderBy('position')",
    test: 'apps/server/src/slices/images/bin.test.ts',
  },
  {
    name: 'a picture is not taken in the name of another account (O1)',
    file: 'apps/server/src/slices/images/uploads.routes.ts',
    find: "if (account !== undefined && account !== caller.account) throw new AppError('wrong_account')",
    replace: '',
    test: 'apps/server/src/slices/images/uploads-account.test.ts',
  },
]
