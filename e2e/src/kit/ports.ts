import { once } from 'node:events'
import { createServer } from 'node:net'

/** Below the range from which systems take ports for outgoing connections: a killed server's port stays free for the next. */
const [FIRST, COUNT] = [20_000, 10_000]

async function isFree(port: number): Promise<boolean> {
  const probe = createServer()
  try {
    const listening = once(probe, 'listening')
    probe.listen(port, '127.0.0.1')
    await listening
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EADDRINUSE') return false
    throw error
  } finally {
    probe.close()
  }
}

/** A port that nothing listens on now, and that stays ours while its server is down. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = FIRST + Math.floor(Math.random() * COUNT)
    if (await isFree(port)) return port
  }
}
