import { runBare } from './bare/client.ts'
import type { Job } from './job.ts'
import { runOurs } from './ours/client.ts'

const reply = (message: object): void => void process.send?.(message, () => process.exit())

/** The client process: its modules are loaded, and what loading left is collected, when it says so; then it does one job, answers and ends. */
process.once('message', (job: Job) => {
  const run = job.side === 'ours' ? runOurs : runBare
  run(job).then(
    (done) => reply({ done }),
    (error: unknown) => reply({ error: error instanceof Error ? error.stack : String(error) }),
  )
})
globalThis.gc?.()
process.send?.({ ready: true })
