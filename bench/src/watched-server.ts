import { randomUUID } from 'node:crypto'
import { readConfig } from '@biologidex/server/config'
import { start } from '@biologidex/server/server'
import { changeIucn } from '@biologidex/server/slices/entries/vulnerability.service'
import { push } from '@biologidex/server/slices/sync/push.service'
import type { Change } from './wide-change.ts'

/** How often the event loop is looked at, in milliseconds. */
const EVERY = 5

let last = performance.now()
let longest = 0

setInterval(() => {
  const now = performance.now()
  longest = Math.max(longest, now - last - EVERY)
  last = now
}, EVERY)

/**
 * The real server as a program that tells, when asked, how long its event loop was blocked at most since it was last asked; told of a
 * change, it carries that out first, and all jobs that come of it.
 */
const { url, ctx } = await start(readConfig(process.env))

async function carryOut(change: Change): Promise<void> {
  if (change.kind === 'category') {
    await changeIucn(ctx, change.animal, { category: change.category, source: 'bench', date: '2025-01-01' })
  } else {
    const { account, was, to } = change
    const set = { friendsPrecision: { was, to } }
    const mutations = [{ n: 1, type: 'setting', id: account, op: 'update' as const, set }]
    const { results } = await push(
      ctx,
      { account, session: 'none', device: 'bench' },
      { account, client: randomUUID(), ack: 0, mutations },
    )
    if (results[0]?.status !== 'done') throw new Error(`a setting was refused: ${JSON.stringify(results)}`)
  }
  await ctx.jobs.idle()
}

async function answer(message: Change | 'longest'): Promise<void> {
  try {
    if (message !== 'longest') {
      longest = 0
      await carryOut(message)
    }
    process.send?.({ longest })
  } catch (error) {
    process.send?.({ longest, error: String(error) })
  }
  longest = 0
}

process.on('message', (message) => void answer(message as Change | 'longest'))
process.on('SIGTERM', () => process.exit())
process.send?.({ url })
