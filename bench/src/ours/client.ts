import { createEngine } from '@biologidex/client/engine'
import type { Engine } from '@biologidex/client/face'
import type { Done, Job } from '../job.ts'
import { median } from '../pairs.ts'
import { openPorts } from './ports.ts'

/** Unchanged syncs that `warm` takes the median of. */
const ROUNDS = 200

/** Resolves when a sync is through, rejects when it failed. */
function synced(engine: Engine): Promise<void> {
  return new Promise((resolve, reject) => {
    engine.onEvent((event) => {
      if (event.kind === 'completed') resolve()
      if (event.kind === 'failed') reject(new Error(`the sync failed: ${event.code}`))
    })
  })
}

/** Opens the store, and waits for the sync that the engine begins by itself. */
async function open(job: Job): Promise<{ engine: Engine; ms: number }> {
  const began = performance.now()
  const engine = createEngine(openPorts(job), job.account)
  const done = synced(engine)
  await engine.start()
  await done
  return { engine, ms: performance.now() - began }
}

async function warm(engine: Engine): Promise<number> {
  const times: number[] = []
  for (let round = 0; round < ROUNDS; round += 1) {
    const began = performance.now()
    await engine.syncNow()
    times.push(performance.now() - began)
  }
  return median(times)
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

async function finish(engine: Engine, ms: number): Promise<Done> {
  const entries = (await engine.openDex(engine.account)).entries.size
  if (engine.status.needsYou > 0) throw new Error('the server refused what was pushed')
  await engine.stop()
  return { ms, entries }
}

/** Does a job with the real engine. */
export async function runOurs(job: Job): Promise<Done> {
  if (job.work === 'edit') return finish(await edit(job), 0)
  const { engine, ms } = await open(job)
  return finish(engine, job.work === 'warm' ? await warm(engine) : ms)
}
