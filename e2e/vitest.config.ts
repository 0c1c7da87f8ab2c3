import { defineConfig } from 'vitest/config'

// Journeys in a real browser against real server processes: one after the other, since they share a machine's two cores.
export default defineConfig({
  test: {
    include: ['e2e/src/**/*.test.ts'],
    globalSetup: ['e2e/src/kit/web-is-built.ts'],
    fileParallelism: false,
    maxWorkers: 1,
    testTimeout: 90_000,
    hookTimeout: 60_000,
    expect: { poll: { timeout: 15_000, interval: 50 } },
  },
})
