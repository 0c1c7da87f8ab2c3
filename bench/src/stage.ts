import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { contentOf, keyOf } from './bare/lines.ts'
import { circle } from './fixture/circle.ts'
import { countOf, type OwnDex, ownDex } from './fixture/own.ts'
import type { Done, Job } from './job.ts'
import { copyOf, folder } from './places.ts'
import { runClient, type Server, startBare, startServer } from './processes.ts'

type Side = Job['side']
/** What a job may be told beside what its stage tells it. */
export type Extra = Partial<Pick<Job, 'zstd' | 'fetch' | 'record' | 'edits'>>

/** Both servers at work on the same dex, and a filled client store of each side. */
export class Stage {
  readonly dex: OwnDex
  readonly server: Server
  readonly bare: Server
  /** What the bare server answers, a file for each route. */
  readonly answers: string
  /** Where the real client's requests and answers are recorded. */
  readonly recorded: string
  /** Records of the dex and the catalogue, by key: their row in the bare store. */
  rows: ReadonlyMap<string, number> = new Map()
  readonly stores: Readonly<Record<Side, string>>

  constructor(dex: OwnDex, servers: { server: Server; bare: Server }, folders: Pick<Stage, 'answers' | 'recorded' | 'stores'>) {
    this.dex = dex
    this.server = servers.server
    this.bare = servers.bare
    this.answers = folders.answers
    this.recorded = folders.recorded
    this.stores = folders.stores
  }

  /** Entries that a client of the account holds. */
  get count(): number {
    return countOf(this.dex)
  }

  /** Does one job on a store's folder, and sees to it that the store then holds `entries` entries. */
  async run(side: Side, work: Job['work'], dir: string, entries: number, extra: Extra = {}): Promise<number> {
    return (await this.done(side, work, dir, entries, extra)).ms
  }

  /** The same, with all that the client says of it. */
  async done(side: Side, work: Job['work'], dir: string, entries: number, extra: Extra = {}): Promise<Done> {
    const { url } = side === 'ours' ? this.server : this.bare
    const { account, token, friends } = this.dex
    const done = await runClient({ side, work, url, dir, account, token, friends, ...extra })
    check(done, entries, `${side} ${work}`)
    return done
  }

  /** The same on a fresh copy of the side's filled store. */
  async runFilled(side: Side, work: Job['work'], entries: number, extra: Extra = {}): Promise<number> {
    return this.run(side, work, await copyOf(this.stores[side], `${side}-${work}`), entries, extra)
  }

  /** Puts what the bare server shall answer in place. */
  async answer(route: string, lines: readonly string[]): Promise<void> {
    await writeFile(join(this.answers, route), lines.map((line) => `${line}\n`).join(''))
  }

  /** Lines that bring a recorded answer's changes to the bare store: `{n, item}`, without item for what is gone. */
  async changeLines(answer: string): Promise<string[]> {
    const { records, removed, results } = await contentOf(join(this.recorded, answer))
    const place = (key: string) => this.rows.get(key) ?? 0
    return [
      JSON.stringify({ results: JSON.parse(results) as unknown }),
      ...records.map((record) => `{"n":${place(keyOf(record))},"item":${record}}`),
      ...removed.map((key) => JSON.stringify({ n: place(key) })),
    ]
  }

  /** Fills both stores, records what the real server says, and has the bare one say the same. */
  async fill(): Promise<void> {
    await this.run('ours', 'first', this.stores.ours, this.count, { record: this.recorded })
    const { records } = await contentOf(join(this.recorded, 'pull.answer'))
    this.rows = new Map(records.map((record, index) => [keyOf(record), index + 1]))
    await this.answer('first', records)
    await this.answer('unchanged', ['{"unchanged":true}'])
    await this.run('bare', 'first', this.stores.bare, this.count)
  }

  async end(): Promise<void> {
    await this.server.stop()
    await this.bare.stop()
  }
}

function check(done: Done, entries: number, what: string): void {
  if (done.entries !== entries) throw new Error(`${what} left ${done.entries} entries, not ${entries}`)
}

/** What a row works with: a dex of so many entries, and the dexes of so many friends. */
export interface Workload {
  readonly entries: number
  readonly friends?: number
}

/** A filled stage. */
async function setUp({ entries, friends = 0 }: Workload, env: NodeJS.ProcessEnv): Promise<Stage> {
  const dex = await (friends > 0 ? circle(entries, friends) : ownDex(entries))
  const answers = await folder('answers')
  const server = await startServer(await copyOf(dex.dataDir, 'data'), env)
  const bare = await startBare(answers)
  const stores = { ours: await folder('ours'), bare: await folder('bare') }
  const stage = new Stage(dex, { server, bare }, { answers, recorded: await folder('recorded'), stores })
  try {
    await stage.fill()
    return stage
  } catch (error) {
    await stage.end()
    throw error
  }
}

/** Runs `work` on a stage of its own; its processes end with it. */
export async function onStage<T>(load: Workload, work: (stage: Stage) => Promise<T>, env: NodeJS.ProcessEnv = {}): Promise<T> {
  const stage = await setUp(load, env)
  try {
    return await work(stage)
  } finally {
    await stage.end()
  }
}

let still: { readonly load: Workload; readonly stage: Stage } | undefined

/** Runs `work`, which changes nothing on either server, on a stage that it shares with other such work of the same size. */
export async function onStillStage<T>(load: Workload, work: (stage: Stage) => Promise<T>): Promise<T> {
  if (still?.load.entries !== load.entries || still.load.friends !== load.friends) await endStillStage()
  still ??= { load, stage: await setUp(load, {}) }
  return work(still.stage)
}

/** Ends the shared stage's processes; called when all rows have been measured. */
export async function endStillStage(): Promise<void> {
  const ended = still
  still = undefined
  await ended?.stage.end()
}
