import { type ChildProcess, fork, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Done, Job } from './job.ts'
import type { Load } from './load.ts'
import { ROOT } from './places.ts'

/** A server process and where it listens. */
export interface Server {
  readonly url: string
  readonly pid: number
  stop(): Promise<void>
}

const running = new Set<ChildProcess>()
process.on('exit', () => {
  for (const child of running) child.kill()
})

/** A process of this run, which it does not outlive, however the run ends: one left over would slow down whatever is measured next. */
export function ofThisRun(child: ChildProcess): ChildProcess {
  running.add(child)
  child.once('exit', () => running.delete(child))
  return child
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const gone = once(child, 'exit')
  child.kill('SIGTERM')
  await gone
}

const UNLIMITED = '1000000000'
const RATES = {
  RATE_PULL_BURST: UNLIMITED,
  RATE_PUSH_BURST: UNLIMITED,
  RATE_PICTURE_BURST: UNLIMITED,
  RATE_SIGN_IN_BURST: UNLIMITED,
  RATE_V1_SYNC_BURST: UNLIMITED,
  RATE_EVENTS_BURST: UNLIMITED,
  RATE_EVENTS_OPEN: UNLIMITED,
  RATE_PEOPLE_NETWORK_BURST: UNLIMITED,
}

const scripts = (JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { scripts: { start: string } }).scripts
/** What `npm start` gives to Node for itself. */
export const FLAGS = scripts.start.split(' ').filter((word) => word.startsWith('--'))

const MAIN = join(ROOT, 'apps/server/src/main.ts')

/** Starts the real server on a data folder, in production mode, its rate limits out of the way. */
export async function startServer(dataDir: string, env: NodeJS.ProcessEnv = {}, main = MAIN): Promise<Server> {
  const settings = {
    ...RATES,
    NODE_ENV: 'production',
    LOG_LEVEL: 'warn',
    HOST: '127.0.0.1',
    PORT: '0',
    DATA_DIR: dataDir,
    ...env,
  }
  const child = spawn(process.execPath, [...FLAGS, main], {
    env: { ...process.env, ...settings },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  ofThisRun(child)
  for await (const line of createInterface({ input: child.stdout })) {
    const port = /:(\d+)$/.exec(line)?.[1]
    if (port) return { url: `http://127.0.0.1:${port}`, pid: child.pid ?? 0, stop: () => ended(child) }
  }
  throw new Error('the server did not start')
}

/** Starts the bare machine's server on a folder of answers. */
export async function startBare(folder: string): Promise<Server> {
  const child = ofThisRun(fork(join(ROOT, 'bench/src/bare/server.ts'), [folder]))
  const { port } = await messageOf<{ port: number }>(child)
  return { url: `http://127.0.0.1:${port}`, pid: child.pid ?? 0, stop: () => ended(child) }
}

/** Starts a server that says the bytes of a file again and again, over raw sockets, to requests of so many bytes. */
export async function startReplay(file: string, requestBytes: number): Promise<Server> {
  const child = ofThisRun(fork(join(ROOT, 'bench/src/bare/replay.ts'), [file, String(requestBytes)]))
  const { port } = await messageOf<{ port: number }>(child)
  return { url: `http://127.0.0.1:${port}`, pid: child.pid ?? 0, stop: () => ended(child) }
}

type Reply = { readonly done?: Done; readonly error?: string }

/** What a child says next; fails when it ends instead. */
function messageOf<T>(child: ChildProcess): Promise<T> {
  return new Promise((resolve, reject) => {
    const gone = (code: number | null) => reject(new Error(`a process ended with ${code} and said nothing`))
    child.once('exit', gone)
    child.once('message', (message) => {
      child.off('exit', gone)
      resolve(message as T)
    })
  })
}

/** Does a job in a client process of its own, started and with its modules loaded before. */
export async function runClient(job: Job): Promise<Done> {
  const child = ofThisRun(fork(join(ROOT, 'bench/src/client.ts'), { execArgv: ['--expose-gc', ...FLAGS] }))
  await messageOf(child)
  const replied = messageOf<Reply>(child)
  child.send(job)
  const { done, error } = await replied
  if (child.exitCode === null) await once(child, 'exit')
  if (!done) throw new Error(error)
  return done
}

/** A process that asks. */
export interface Asker {
  /** Milliseconds from a question to the last byte of its answer. */
  timed(load: Load): Promise<number>
  stop(): Promise<void>
}

export async function startAsker(): Promise<Asker> {
  const child = ofThisRun(fork(join(ROOT, 'bench/src/asker.ts')))
  await messageOf(child)
  const timed = async (load: Load) => {
    const replied = messageOf<{ readonly ms?: number; readonly error?: string }>(child)
    child.send(load)
    const { ms, error } = await replied
    if (ms === undefined) throw new Error(error)
    return ms
  }
  return { timed, stop: () => ended(child) }
}
