import { browserPorts } from '@biologidex/client/adapters/browser'
import { createEngine } from '@biologidex/client/engine'
import type { Engine } from '@biologidex/client/face'

/** An engine over this browser's storage, started. In a module of its own, so that the first paint does not wait for it. */
export async function openEngine(account: string): Promise<Engine> {
  const engine = createEngine(browserPorts(account), account)
  await engine.start()
  return engine
}
