import type { ICruiseOptions, IForbiddenRuleType } from 'dependency-cruiser'

// Who may import whom (ARCHITECTURE.md). core <- client <- web, cli; core <- server <- cli; nothing else, and no cycles.
const SLICE = '^(apps/[^/]+/src/slices)/([^/]+)/'
const TESTS = '\\.test\\.tsx?$'

const only = (name: string, from: string, allowed: readonly string[]): IForbiddenRuleType => ({
  name,
  severity: 'error',
  from: { path: from, pathNot: TESTS },
  to: { pathNot: [from, ...allowed] },
})

export const FORBIDDEN: IForbiddenRuleType[] = [
  { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true, dependencyTypesNot: ['type-only'] } },
  { name: 'resolvable', severity: 'error', from: {}, to: { couldNotResolve: true } },
  only('core-imports-the-schema-library-only', '^packages/core/src/', ['node_modules/zod/']),
  only('the-engine-knows-core-only', '^packages/client/src/[^/]+$', [
    '^packages/core/src/',
    'node_modules/eventsource-parser/',
  ]),
  {
    name: 'the-engine-knows-no-adapter',
    severity: 'error',
    from: { path: '^packages/client/src/[^/]+$', pathNot: TESTS },
    to: { path: '^packages/client/src/adapters/' },
  },
  {
    name: 'no-server-in-clients',
    severity: 'error',
    from: { path: '^(packages/(core|client)|apps/web)/', pathNot: TESTS },
    to: { path: '^apps/server/' },
  },
  {
    name: 'no-client-in-the-server',
    severity: 'error',
    from: { path: '^apps/server/', pathNot: TESTS },
    to: { path: '^(packages/client|apps/web)/' },
  },
  {
    name: 'the-cli-knows-the-server-by-its-face',
    comment: 'How it is started, its settings, and what its host may do in the database.',
    severity: 'error',
    from: { path: '^apps/cli/' },
    to: { path: '^apps/(web/|server/)', pathNot: '^apps/server/src/(main|server|config|host)\\.ts$' },
  },
  {
    name: 'nobody-imports-the-cli',
    severity: 'error',
    from: { path: '^(packages|apps/(server|web))/' },
    to: { path: '^apps/cli/' },
  },
  {
    name: 'the-test-kit-is-for-tests',
    severity: 'error',
    from: { path: '^(packages/(core|client)|apps)/', pathNot: TESTS },
    to: { path: '^packages/test-kit/' },
  },
  {
    name: 'stores-are-their-own-service-s',
    comment: 'A store is reached by the files of its own slice only.',
    severity: 'error',
    from: { path: SLICE, pathNot: TESTS },
    to: { path: '^apps/[^/]+/src/slices/[^/]+/[^/]+\\.store\\.ts$', pathNot: '^$1/$2/' },
  },
  {
    name: 'slices-meet-at-services',
    comment: 'A slice reaches another through its service, what its mutations do, or the feed writer that all share.',
    severity: 'error',
    from: { path: '^(apps/server/src/slices)/([^/]+)/', pathNot: TESTS },
    to: {
      path: '^apps/server/src/slices/[^/]+/',
      pathNot: [
        '^$1/$2/',
        '\\.(service|mutations)\\.ts$',
        '/sync/(feed-writer|nudges|push-work)\\.ts$',
        '/entries/entry-desk\\.ts$',
      ],
    },
  },
  {
    name: 'ui-knows-no-slice',
    severity: 'error',
    from: { path: '^apps/web/src/ui/' },
    to: { path: '^apps/web/src/(slices|app)/', pathNot: '^apps/web/src/app/i18n' },
  },
]

export const OPTIONS: ICruiseOptions = {
  parser: 'swc',
  doNotFollow: { path: 'node_modules' },
  exclude: { path: ['\\.css$', '\\.svg$', '\\?url$', '\\?worker', '^virtual:'] },
  tsPreCompilationDeps: true,
  enhancedResolveOptions: {
    exportsFields: ['exports'],
    conditionNames: ['import', 'default', 'types'],
    extensions: ['.ts', '.tsx', '.js', '.mjs', '.cjs', '.json', '.d.ts'],
  },
}
