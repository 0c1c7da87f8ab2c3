import { setTimeout as sleep } from 'node:timers/promises'
import { eachDatabase } from '@biologidex/test-kit/databases'
import { afterEach, beforeEach, expect, it } from 'vitest'
import type { Db } from '../db/db.ts'
import type { JobQueue } from './job-queue.ts'
import * as store from './jobs.store.ts'
import { createJobQueue, type JobQueueOptions } from './queue.ts'

type Logged = { level: 'warn' | 'error'; text: string; details: Record<string, unknown> }

/** A gate that a handler waits at, so that a test decides when the job goes on. */
function gate() {
  const { promise, resolve } = Promise.withResolvers<void>()
  return { passed: promise, open: resolve }
}

eachDatabase((_name, databases) => {
  let db: Db
  const queues: JobQueue[] = []
  const logged: Logged[] = []

  beforeEach(async () => {
    db = await databases.open()
    logged.length = 0
  })
  afterEach(async () => {
    for (const queue of queues.splice(0)) await queue.stop()
  })

  function make(options: Partial<JobQueueOptions> = {}, on: Db = db): JobQueue {
    const note = (level: Logged['level']) => (details: unknown, text?: string) =>
      void logged.push({ level, text: text ?? '', details: details as Logged['details'] })
    const log = { warn: note('warn'), error: note('error') } as unknown as Parameters<typeof createJobQueue>[1]
    const queue = createJobQueue(on, log, { firstWait: 1, longestWait: 4, pollEvery: 10, ...options })
    queues.push(queue)
    return queue
  }

  const add = (queue: JobQueue, payload: string, kind = 'k') => db.write((tx) => queue.enqueue(tx, kind, payload))
  const rows = () => db.read.selectFrom('jobs').selectAll().execute()

  it('runs a job once, after its transaction has committed', async () => {
    const queue = make({ pollEvery: 60_000 })
    const ran: string[] = []
    queue.handle('k', async (payload) => void ran.push(payload))
    queue.start()
    await queue.idle()
    await db.write(async (tx) => {
      await queue.enqueue(tx, 'k', 'one')
      await sleep(5)
      expect(ran).toEqual([])
    })
    await queue.idle()
    expect(ran).toEqual(['one'])
    expect(await rows()).toEqual([])
  })

  it('forgets a job whose transaction failed', async () => {
    const queue = make()
    queue.handle('k', async () => undefined)
    queue.start()
    const failing = db.write(async (tx) => {
      await queue.enqueue(tx, 'k', 'never')
      throw new Error('no')
    })
    await expect(failing).rejects.toThrow('no')
    await queue.idle()
    expect(await rows()).toEqual([])
  })

  it('runs what was enqueued before it started, each once, in order', async () => {
    const queue = make()
    const ran: string[] = []
    queue.handle('k', async (payload) => void ran.push(payload))
    for (let i = 0; i < 20; i += 1) {
      await add(queue, String(i))
      await sleep(2)
    }
    expect(ran).toEqual([])
    queue.start()
    await queue.idle()
    expect(ran).toEqual(Array.from({ length: 20 }, (_, i) => String(i)))
  })

  it('shares jobs with another server, each run by one', async () => {
    const ran: string[] = []
    const two = [make({ concurrency: 2 }), make({ concurrency: 2 })] as const
    for (let i = 0; i < 30; i += 1) await add(two[0], String(i))
    for (const queue of two) {
      queue.handle('k', async (payload) => {
        await sleep(1)
        ran.push(payload)
      })
      queue.start()
    }
    await Promise.all(two.map((queue) => queue.idle()))
    expect(ran.map(Number).sort((a, b) => a - b)).toEqual(Array.from({ length: 30 }, (_, i) => i))
  })

  it.each([1, 2])('runs %d at a time', async (concurrency) => {
    const queue = make({ concurrency })
    let [now, most] = [0, 0]
    queue.handle('k', async () => {
      now += 1
      most = Math.max(most, now)
      // However long the next claim takes on a busy machine.
      for (let tries = 0; most < concurrency && tries < 400; tries += 1) await sleep(5)
      await sleep(5)
      now -= 1
    })
    queue.start()
    for (let i = 0; i < 6; i += 1) await add(queue, String(i))
    await queue.idle()
    expect(most).toBe(concurrency)
  })

  it('tries a failed job again, others meanwhile', async () => {
    const queue = make({ firstWait: 200 })
    const ran: string[] = []
    queue.handle('k', async (payload) => {
      ran.push(payload)
      if (payload === 'bad' && ran.filter((one) => one === 'bad').length < 2) throw new Error('not yet')
    })
    await add(queue, 'bad')
    await add(queue, 'good')
    queue.start()
    await expect.poll(() => ran.includes('good') && ran.includes('bad')).toBe(true)
    await expect.poll(rows).toEqual([])
    expect(ran.filter((one) => one === 'bad')).toHaveLength(2)
    expect(logged).toMatchObject([{ level: 'warn', details: { kind: 'k', attempts: 1, error: 'Error: not yet' } }])
  })

  it('plans a daily job soon after the start and daily, one at a time', async () => {
    const queue = make({ firstDaily: 1, daily: 20 })
    let runs = 0
    let free = () => undefined as void
    const held = new Promise<void>((resolve) => {
      free = resolve
    })
    queue.handle('daily', () => {
      runs += 1
      return held
    })
    queue.daily('daily')
    queue.start()
    await expect.poll(() => runs).toBe(1)
    await sleep(60)
    const planned = await rows()
    free()
    expect(planned).toHaveLength(1)
    await expect.poll(() => runs).toBeGreaterThan(2)
  })

  it('plans a daily job once however many servers plan it at the same moment, and anew when it was set aside', async () => {
    const plan = () => db.write((tx) => store.planDaily(tx, 'daily', 3))
    const planned = await Promise.all(Array.from({ length: 8 }, plan))
    expect(planned.filter((one) => one)).toHaveLength(1)
    await db.write((tx) => tx.q.updateTable('jobs').set({ attempts: 3 }).execute())
    expect(await plan()).toBe(true)
    expect(await rows()).toMatchObject([{ kind: 'daily', attempts: 0 }])
  })

  it('waits twice as long after each failure, up to a limit', async () => {
    const queue = make({ firstWait: 1_000_000, longestWait: 3_000_000, pollEvery: 60_000 })
    queue.handle('k', () => Promise.reject(new Error('no')))
    await add(queue, 'x')
    queue.start()
    const waits: number[] = []
    for (let i = 0; i < 3; i += 1) {
      await queue.idle()
      const [row] = await rows()
      waits.push(Math.round(((row?.run_at ?? 0) - Date.now()) / 1_000_000))
      await db.write((tx) => tx.q.updateTable('jobs').set({ run_at: 0 }).execute())
    }
    expect(waits).toEqual([1, 2, 3])
  })

  it('sets a job aside after the last attempt, with its error, and tells the handler which is the last', async () => {
    const queue = make({ maxAttempts: 3 })
    const lasts: boolean[] = []
    queue.handle('k', async (_payload, last) => {
      lasts.push(last)
      throw new Error('never')
    })
    await add(queue, 'x')
    queue.start()
    await expect.poll(() => logged.length).toBe(3)
    await queue.idle()
    expect(lasts).toEqual([false, false, true])
    expect(logged.map((line) => line.level)).toEqual(['warn', 'warn', 'error'])
    expect(await rows()).toMatchObject([{ attempts: 3, last_error: 'Error: never', claimed_until: null }])
  })

  it('sets a job aside that nobody here knows how to run', async () => {
    const queue = make({ maxAttempts: 1 })
    await add(queue, 'x', 'of tomorrow')
    queue.start()
    await queue.idle()
    expect(await rows()).toMatchObject([{ last_error: 'Error: no handler for jobs of kind of tomorrow' }])
  })

  it('keeps a long job by renewing its claim', async () => {
    const [first, second] = [make({ lease: 80 }), make({ lease: 80 })]
    const hold = gate()
    let runs = 0
    for (const queue of [first, second]) {
      queue.handle('k', async () => {
        runs += 1
        await hold.passed
      })
    }
    await add(first, 'long')
    first.start()
    await expect.poll(() => runs).toBe(1)
    const claims = new Set<number | null>()
    await expect.poll(async () => claims.add((await rows())[0]?.claimed_until ?? null).size, { interval: 5 }).toBeGreaterThan(3)
    hold.open()
    await first.idle()
    expect(runs).toBe(1)
    expect(await rows()).toEqual([])
  })

  it('runs the job of a process that died', async () => {
    await add(make(), 'left')
    const inTheFuture = Date.now() + (db.dialect === 'sqlite' ? 3_600_000 : 60)
    await db.write((tx) => tx.q.updateTable('jobs').set({ attempts: 1, claimed_until: inTheFuture }).execute())
    const queue = make()
    const ran: string[] = []
    queue.handle('k', async (payload) => void ran.push(payload))
    queue.start()
    await expect.poll(() => ran).toEqual(['left'])
    await expect.poll(rows).toEqual([])
  })

  it('leaves the job alone when another took it over meanwhile', async () => {
    const queue = make({ pollEvery: 60_000 })
    const hold = gate()
    const started = gate()
    queue.handle('k', async () => {
      started.open()
      await hold.passed
      throw new Error('too late')
    })
    await add(queue, 'x')
    queue.start()
    await started.passed
    const theirs = Date.now() + 3_600_000
    await db.write((tx) => tx.q.updateTable('jobs').set({ attempts: 2, claimed_until: theirs }).execute())
    hold.open()
    await queue.stop()
    expect(await rows()).toMatchObject([{ attempts: 2, claimed_until: theirs, last_error: null }])
  })

  it('waits for the job under way when it stops, and takes no more', async () => {
    const queue = make()
    const hold = gate()
    const ran: string[] = []
    queue.handle('k', async (payload) => {
      await hold.passed
      ran.push(payload)
    })
    await add(queue, 'one')
    await add(queue, 'two')
    queue.start()
    await expect.poll(async () => (await rows()).some((row) => row.claimed_until !== null)).toBe(true)
    const stopping = queue.stop()
    hold.open()
    await stopping
    expect(ran).toHaveLength(1)
    expect(await rows()).toHaveLength(1)
  })

  it('goes on when its table was out of reach for a while', async () => {
    let broken = true
    const flaky: Db = { ...db, write: (work) => (broken ? Promise.reject(new Error('gone')) : db.write(work)) }
    const queue = make({}, flaky)
    const ran: string[] = []
    queue.handle('k', async (payload) => void ran.push(payload))
    await add(queue, 'x')
    queue.start()
    await expect.poll(() => logged.length).toBeGreaterThan(1)
    expect(logged[0]).toMatchObject({ level: 'error', details: { error: 'Error: gone' } })
    broken = false
    await expect.poll(() => ran).toEqual(['x'])
  })
})
