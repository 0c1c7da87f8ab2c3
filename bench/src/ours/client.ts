import { createEngine } from '@biologidex/client/engine'
import type { Engine, SyncStatus } from '@biologidex/client/face'
import type { Done, Job } from '../job.ts'
import { watchMemory } from '../memory.ts'
import { warmMedian } from '../warm.ts'
import { openPorts } from './ports.ts'

/** Resolves when a sync is through, rejects when it failed. */
function synced(engine: Engine): Promise<void> {
  return new Promise((resolve, reject) => {
    engine.onEvent((event) => {
      if (event.kind === 'completed') resolve()
      if (event.kind === 'failed') reject(new Error(`the sync failed: ${event.code}`))
    })
  })
}

/** Resolves when everything that was made here is on the server, and known here to be. */
function acknowledged(engine: Engine): Promise<void> {
  return new Promise((resolve) => {
    const look = ({ here }: SyncStatus) => here.changes === 0 && resolve()
    engine.onStatus(look)
    look(engine.status)
  })
}

/** Opens the store, and waits for the sync that the engine begins by itself, or for what it acknowledges. */
async function open(job: Job): Promise<{ engine: Engine; ms: number; grew: number }> {
  const grown = watchMemory('self')
  const began = performance.now()
  const engine = createEngine(openPorts(job), job.account)
  const done = synced(engine)
  await engine.start()
  if (job.work === 'push') await acknowledged(engine)
  else await done
  const ms = performance.now() - began
  await done
  return { engine, ms, grew: grown() }
}

async function edit(job: Job): Promise<Engine> {
  const engine = createEngine(openPorts(job), job.account)
  await engine.start()
  const { entries, close } = await engine
    .openDex(job.account)
    .then((dex) => ({ entries: dex.entries, close: () => dex.close() }))
  const drafts = (job.edits?.entries ?? []).map((id) => {
    const note = { was: entries.get(id)?.note ?? null, to: `${job.edits?.note} ${id}` }
    return { type: 'entry', id, op: 'update' as const, set: { note } }
  })
  await engine.mutate(drafts)
  close()
  return engine
}

async function finish(engine: Engine, { friends }: Job, ms: number, grew: number): Promise<Done> {
  let entries = 0
  for (const account of [engine.account, ...friends]) {
    const dex = await engine.openDex(account)
    entries += dex.entries.size
    dex.close()
  }
  if (engine.status.needsYou > 0) throw new Error('the server refused what was pushed')
  await engine.stop()
  return { ms, grew, entries }
}

/** Does a job with the real engine. */
export async function runOurs(job: Job): Promise<Done> {
  if (job.work === 'edit') return finish(await edit(job), job, 0, 0)
  const { engine, ms, grew } = await open(job)
  return finish(engine, job, job.work === 'warm' ? await warmMedian(() => engine.syncNow()) : ms, grew)
}
