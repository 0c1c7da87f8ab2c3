import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['packages/**/*.test.ts', 'apps/**/*.test.{ts,tsx}', 'scripts/**/*.test.ts', 'bench/**/*.test.ts'],
    // With LONG=1 also those that `npm run test:long` takes.
    exclude: ['**/node_modules/**', '**/dist/**', ...(process.env.LONG ? [] : ['packages/**/long/**'])],
    globalSetup: ['packages/test-kit/src/database-desk.ts'],
    // Most tests wait for a disk or a database: two files at a time, also where Vitest would keep a core free.
    maxWorkers: 2,
    // A file's modules stay loaded for the next: loading the server anew for each took a fifth of the run.
    isolate: false,
    testTimeout: 60_000,
    hookTimeout: 60_000,
    coverage: {
      provider: 'v8',
      include: ['packages/client/src/*.ts', 'apps/server/src/slices/sync/**/*.ts', 'apps/server/src/**/*.feed.ts'],
      exclude: ['**/*.test.ts'],
      reporter: ['text-summary', ['text', { skipFull: true, maxCols: 120 }]],
      thresholds: { lines: 90, branches: 90 },
    },
  },
})
