import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { keptDex } from './fixture/kept.ts'
import { ROOT } from './places.ts'
import { FLAGS, ofThisRun } from './processes.ts'

/** What the watched server is told to carry out, to the end of all jobs that come of it. */
export type Change =
  | { readonly kind: 'category'; readonly animal: string; readonly category: 'LC' | 'VU' }
  | { readonly kind: 'precision'; readonly account: string; readonly was: 'exact' | 'area'; readonly to: 'exact' | 'area' }

/** A server on which a dex of so many entries, all of one animal, is shown to friends: how long its loop stood still at most. */
export interface Wide {
  /** While the animal becomes vulnerable; then it is so no more. */
  vulnerable(): Promise<number>
  /** While friends come to see places less finely; then they see all of them again. */
  narrowed(): Promise<number>
  /** With nothing to do for a second: what the machine adds. */
  idle(): Promise<number>
}

async function longestWhile(server: ChildProcess, message: Change | 'longest'): Promise<number> {
  const answer = once(server, 'message')
  server.send(message)
  const [{ longest, error }] = (await answer) as [{ longest: number; error?: string }]
  if (error) throw new Error(error)
  return longest
}

export async function changingWidely<T>(entries: number, work: (wide: Wide) => Promise<T>): Promise<T> {
  const { dataDir, account, animal } = await keptDex(entries)
  const env = { ...process.env, NODE_ENV: 'production', LOG_LEVEL: 'warn', HOST: '127.0.0.1', PORT: '0', DATA_DIR: dataDir }
  const server = ofThisRun(fork(join(ROOT, 'bench/src/watched-server.ts'), { env, execArgv: FLAGS }))
  await once(server, 'message')
  const category = (to: 'LC' | 'VU') => longestWhile(server, { kind: 'category', animal, category: to })
  const precision = (was: 'exact' | 'area', to: 'exact' | 'area') =>
    longestWhile(server, { kind: 'precision', account, was, to })
  const then = async (longest: number, back: Promise<number>) => {
    await back
    return longest
  }
  try {
    await category('LC')
    await precision('area', 'exact')
    return await work({
      vulnerable: async () => then(await category('VU'), category('LC')),
      narrowed: async () => then(await precision('exact', 'area'), precision('area', 'exact')),
      async idle() {
        await longestWhile(server, 'longest')
        await new Promise((resolve) => setTimeout(resolve, 1000))
        return longestWhile(server, 'longest')
      },
    })
  } finally {
    server.kill('SIGTERM')
    await once(server, 'exit')
  }
}
