import type { Guard } from './guard.ts'

/** Guards of the web app. */
export const webGuards: readonly Guard[] = [
  {
    name: 'a browser remembers no account by its id (C1, E55)',
    file: 'apps/web/src/app/session-store.ts',
    find: '  rememberPlace(place)\n}',
    replace: '  rememberPlace(whose.account)\n}',
    test: 'apps/web/src/app/session-store.test.ts',
  },
  {
    name: 'a sign-out that was cut off is finished (C1)',
    file: 'apps/web/src/app/session-store.ts',
    find: '    if (leaving) this.#wiping = this.#finishLeft(leaving)\n',
    replace: '',
    test: 'apps/web/src/app/session-store.test.ts',
  },
  {
    name: 'nothing of the first wall is written of somebody who signs out (C1)',
    file: 'apps/web/src/app/first-wall.ts',
    find: 'isHere(place) ? next(await readFirstWall(place)) : undefined',
    replace: 'next(await readFirstWall(place))',
    test: 'apps/web/src/app/first-wall.test.ts',
  },
  {
    name: 'a sign-out is remembered before anything is waited for (C1)',
    file: 'apps/web/src/app/session-store.ts',
    find: '    rememberLeaving(before.place)\n',
    replace: '',
    test: 'apps/web/src/app/session-store.test.ts',
  },
  {
    name: 'a dex that is no longer to be seen is closed in the page (P5)',
    file: 'apps/web/src/app/open-dexes.ts',
    find: '    for (const account of gone) this.drop(account)\n',
    replace: '',
    test: 'apps/web/src/app/open-dexes.test.ts',
  },
  {
    name: 'a dex that was being opened as the session ended is closed (C1)',
    file: 'apps/web/src/app/open-dexes.ts',
    find: '      if (!this.#closed) return view\n',
    replace: '      if (view) return view\n',
    test: 'apps/web/src/app/open-dexes.test.ts',
  },
  {
    name: 'a zip whose files want to lie outside of it is refused',
    file: 'apps/web/src/slices/exchange/zip-directory.ts',
    find: "  if (path.split('/').includes('..')) throw new SourceRefused('zip_paths')\n",
    replace: '',
    test: 'apps/web/src/slices/exchange/zip-source.test.ts',
  },
  {
    name: 'a zip whose files share bytes is refused',
    file: 'apps/web/src/slices/exchange/zip-directory.ts',
    find: "    if (entry.offset + LOCAL_BYTES + entry.packed > end) throw new SourceRefused('zip_doubled')\n",
    replace: '',
    test: 'apps/web/src/slices/exchange/zip-source.test.ts',
  },
  {
    name: 'a file that unpacks to more than it says is stopped',
    file: 'apps/web/src/slices/exchange/zip-source.ts',
    find: "    if (this.#over > MOST_OVER) throw new SourceRefused('zip_lies')\n",
    replace: '',
    test: 'apps/web/src/slices/exchange/zip-source.test.ts',
  },
  {
    name: 'a photo that comes while others are being kept comes next',
    file: 'apps/web/src/slices/images/shots-state.ts',
    find: 'state.keeping ? { ...shot, apart: true } : shot',
    replace: 'shot',
    test: 'apps/web/src/slices/images/shots-state.test.ts',
  },
  {
    name: 'undoing a replacement brings back nothing that another device removed',
    file: 'apps/web/src/slices/images/picture-edits.ts',
    find: '...(holds(entry, old) ? [restoreDraft(old)] : [])',
    replace: 'restoreDraft(old)',
    test: 'apps/web/src/slices/images/picture-edits.test.ts',
  },
]
