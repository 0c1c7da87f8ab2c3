import { readConfig } from '@biologidex/server/config'
import { start } from '@biologidex/server/server'

/** How often the event loop is looked at, in milliseconds. */
const EVERY = 5

let last = performance.now()
let longest = 0

setInterval(() => {
  const now = performance.now()
  longest = Math.max(longest, now - last - EVERY)
  last = now
}, EVERY)

/** The real server as a program that tells, when asked, how long its event loop was blocked at most since it was last asked. */
const { url } = await start(readConfig(process.env))
process.on('message', () => {
  process.send?.({ longest })
  longest = 0
})
process.on('SIGTERM', () => process.exit())
process.send?.({ url })
