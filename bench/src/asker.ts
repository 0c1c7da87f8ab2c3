import type { Load } from './load.ts'
import { timed } from './v1-asked.ts'

/** A process that asks and does nothing else: in the one that made the fixtures the garbage of making them is collected meanwhile. */
process.on('message', (load: Load) => {
  timed(load).then(
    (ms) => process.send?.({ ms }),
    (error: unknown) => process.send?.({ error: String(error) }),
  )
})
process.send?.({ ready: true })
