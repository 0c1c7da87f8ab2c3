import { readFileSync } from 'node:fs'
import { Agent, type IncomingMessage, request } from 'node:http'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { createZstdDecompress } from 'node:zlib'
import type { Done, Job } from '../job.ts'
import { watchMemory } from '../memory.ts'
import { warmMedian } from '../warm.ts'

const SCHEMA = 'CREATE TABLE items (n INTEGER PRIMARY KEY, text TEXT NOT NULL); CREATE TABLE outbox (text TEXT NOT NULL)'
const agent = new Agent({ keepAlive: true })

/** The text of an answer: piece by piece as it arrives, or by `fetch` in one. */
async function ask(job: Job, route: string, body: string): Promise<AsyncIterable<string> | readonly string[]> {
  const url = new URL(route, job.url)
  const asked = {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(job.zstd ? { 'accept-encoding': 'zstd' } : {}) },
  }
  if (job.fetch) return [await (await fetch(url, { ...asked, body })).text()]
  const answer = await new Promise<IncomingMessage>((resolve, reject) => {
    request(url, { ...asked, agent }, resolve)
      .on('error', reject)
      .end(body)
  })
  const source = answer.headers['content-encoding'] === 'zstd' ? answer.pipe(createZstdDecompress()) : answer
  return source.setEncoding('utf8')
}

/** The lines of an answer, as they arrive. */
async function* linesOf(answer: AsyncIterable<string> | readonly string[]): AsyncGenerator<string> {
  let rest = ''
  for await (const piece of answer) {
    const lines = (rest + piece).split('\n')
    rest = lines.pop() ?? ''
    yield* lines
  }
}

function openStore({ dir, work }: Job): DatabaseSync {
  const db = new DatabaseSync(join(dir, 'bare.sqlite'))
  db.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = ${work === 'push' ? 'FULL' : 'NORMAL'}`)
  return db
}

/** Every line is one record: parsed, and kept as a row of its text, all rows in one transaction. */
async function first(job: Job): Promise<DatabaseSync> {
  const db = openStore(job)
  db.exec(SCHEMA)
  const insert = db.prepare('INSERT INTO items (text) VALUES (?)')
  const answer = await ask(job, 'first', '{}')
  db.exec('BEGIN')
  for await (const line of linesOf(answer)) {
    JSON.parse(line)
    insert.run(line)
  }
  db.exec('COMMIT')
  return db
}

async function unchanged(job: Job, db: DatabaseSync): Promise<DatabaseSync> {
  db.prepare('SELECT max(n) AS position FROM items').get()
  for await (const line of linesOf(await ask(job, 'unchanged', '{}'))) JSON.parse(line)
  return db
}

/** Lines of `{n, item}`: a row's place and its new record, or no record when it is gone. */
async function changes(job: Job, db: DatabaseSync, route: string, body: string): Promise<DatabaseSync> {
  const put = db.prepare('INSERT OR REPLACE INTO items (n, text) VALUES (?, ?)')
  const drop = db.prepare('DELETE FROM items WHERE n = ?')
  const answer = await ask(job, route, body)
  db.exec('BEGIN IMMEDIATE')
  for await (const line of linesOf(answer)) {
    const { n, item } = JSON.parse(line) as { n?: number; item?: unknown }
    if (n === undefined) continue
    if (item) put.run(n, JSON.stringify(item))
    else drop.run(n)
  }
  if (route === 'push') db.exec('DELETE FROM outbox')
  db.exec('COMMIT')
  return db
}

async function push(job: Job): Promise<DatabaseSync> {
  const db = openStore(job)
  const { text } = db.prepare('SELECT text FROM outbox').get() as { text: string }
  return changes(job, db, 'push', text)
}

/** Puts the recorded body of a push into the outbox. */
function edit(job: Job): DatabaseSync {
  const db = openStore(job)
  db.prepare('INSERT INTO outbox (text) VALUES (?)').run(readFileSync(join(job.record ?? '', 'push.request'), 'utf8'))
  return db
}

const unchangedFromDisk = (job: Job) => unchanged(job, openStore(job))

const WORK = {
  first,
  push,
  edit: async (job: Job) => edit(job),
  unchanged: unchangedFromDisk,
  warm: unchangedFromDisk,
  changes: (job: Job) => changes(job, openStore(job), 'changes', '{}'),
}

/** Does a job with nothing but Node. */
export async function runBare(job: Job): Promise<Done> {
  const grown = watchMemory('self')
  const began = performance.now()
  const db = await WORK[job.work](job)
  const opened = performance.now() - began
  const grew = grown()
  const ms = job.work === 'warm' ? await warmMedian(() => unchanged(job, db)) : opened
  const { entries } = db.prepare(`SELECT count(*) AS entries FROM items WHERE text LIKE '{"type":"entry"%'`).get() as {
    entries: number
  }
  db.close()
  return { ms, grew, entries }
}
