import type { Guard } from './guard.ts'

/** Guards of the terminal’s commands. */
export const cliGuards: readonly Guard[] = [
  {
    name: 'the mirror judges nothing to be gone by a part of the dex (E41)',
    file: 'apps/cli/src/mirror/run.ts',
    find: '    if (view.complete) return view\n',
    replace: '    if (view) return view\n',
    test: 'apps/cli/src/commands/mirror.test.ts',
  },
  {
    name: 'no new key is made beside a store that only the old one opens',
    file: 'apps/cli/src/mirror/run.ts',
    find: 'if (existsSync(places.store) && !existsSync(places.key)) throw',
    replace: 'if (places.key.length === 0) throw',
    test: 'apps/cli/src/commands/mirror.test.ts',
  },
  {
    name: 'a mirror takes nobody’s dex out of its folder for another account’s',
    file: 'apps/cli/src/mirror/run.ts',
    find: '  await checkWhose(tree, session)\n',
    replace: '',
    test: 'apps/cli/src/commands/mirror.test.ts',
  },
  {
    name: 'signing out of the terminal drops nothing that was not sent (C1)',
    file: 'apps/cli/src/mirror/sign-out.ts',
    find: '  if (session && !dropUnsent) await checkAllSent(places, session)\n',
    replace: '',
    test: 'apps/cli/src/commands/mirror.test.ts',
  },
  {
    name: 'an import writes nothing that nobody agreed to',
    file: 'apps/cli/src/import/run.ts',
    find: 'if (!(await run.agree({ data, own, rows, visibility }))) return { left: left(engine), refused: [] }',
    replace: 'await run.agree({ data, own, rows, visibility })',
    test: 'apps/cli/src/commands/import.test.ts',
  },
]
