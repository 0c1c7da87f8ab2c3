import { defineConfig } from 'vitest/config'

// Journeys in a real browser against real server processes; with LONG=1 also what only `npm run test:long` takes. Two files at a time: a journey mostly waits, and the machine has two cores.
export default defineConfig({
  test: {
    include: process.env.LONG ? ['e2e/src/**/*.test.ts'] : ['e2e/src/*.test.ts'],
    globalSetup: ['e2e/src/kit/made-ready.ts'],
    maxWorkers: 2,
    // A file's modules stay loaded for the next: loading Playwright and the server's anew took each file half a second of a core.
    isolate: false,
    testTimeout: 90_000,
    hookTimeout: 60_000,
    expect: { poll: { timeout: 15_000, interval: 50 } },
  },
})
