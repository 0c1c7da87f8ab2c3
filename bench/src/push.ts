import { randomUUID } from 'node:crypto'
import type { Mutation } from '@biologidex/core/sync/mutation'
import type { Stage } from './stage.ts'

/** Pushes changes of another device of the account to the real server. */
export async function pushFromElsewhere(
  { dex, server }: Pick<Stage, 'dex'> & { readonly server: Pick<Stage['server'], 'url'> },
  changes: readonly Omit<Mutation, 'n'>[],
): Promise<void> {
  const mutations = changes.map((change, index) => ({ ...change, n: index + 1 }))
  const answer = await fetch(`${server.url}/api/v2/sync/push`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${dex.token}` },
    body: JSON.stringify({ account: dex.account, client: randomUUID(), ack: 0, mutations }),
  })
  const text = await answer.text()
  if (!answer.ok || text.includes('"rejected"')) throw new Error(`a push was refused: ${text.slice(0, 500)}`)
}
