import { browserPorts } from '@biologidex/client/adapters/browser'
import { openPartition } from '@biologidex/client/adapters/browser-partition'
import { createEngine } from '@biologidex/client/engine'
import type { Engine } from '@biologidex/client/face'
import type { SessionView } from '@biologidex/core/accounts/account'
import { request } from './http.ts'
import { askToKeep } from './storage.ts'

export { closePartition, dropPartition } from '@biologidex/client/adapters/browser-partition'
export { placeOf } from '@biologidex/client/adapters/hidden-names'

/** What the server hands out with the session that this browser holds; undefined when it has none of this account, or no network. */
async function askSeal(account: string): Promise<string | undefined> {
  try {
    const view = (await request('GET', '/api/v2/sessions/current')) as SessionView
    return view.account.id === account ? view.seal : undefined
  } catch {
    // Whatever kept it from answering: the partition stays closed, and says so.
    return undefined
  }
}

/**
 * An engine over what this browser keeps of an account, started. In a module of its own, so that the first paint does not wait for it.
 * @param seal what a sign-in just brought; else the server is asked, if it has to be
 * @throws PartitionLocked until the account signs in again; SealBroken when what is here cannot be opened
 */
export async function openEngine(account: string, seal?: string): Promise<Engine> {
  const partition = await openPartition(account, async () => seal ?? askSeal(account))
  const engine = createEngine(browserPorts(account, partition), account)
  await engine.start()
  engine.onEvent(({ kind }) => {
    if (kind === 'record_added') askToKeep().catch((error: unknown) => console.warn('The browser made no promise.', error))
  })
  return engine
}
