import { type ChildProcess, fork } from 'node:child_process'
import { createHash, randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { join } from 'node:path'
import { nodePorts } from '@biologidex/client/adapters/node'
import { createEngine } from '@biologidex/client/engine'
import type { DexView, Engine } from '@biologidex/client/face'
import type { Ports } from '@biologidex/client/ports'
import { type OwnDex, ownDex } from './fixture/own.ts'
import { copyOf, folder, ROOT } from './places.ts'
import { FLAGS, ofThisRun } from './processes.ts'

/** A device of the account, in this process; `sent` is when its last piece of a picture was acknowledged. */
interface Device {
  readonly engine: Engine
  readonly view: DexView
  sent(): number
}

/** What came of one photo: milliseconds from its upload to its plate elsewhere, and the longest that the server's loop stood still. */
export interface PhotoIn {
  readonly ms: number
  readonly blocked: number
}

async function device(url: string, { account, token }: OwnDex, name: string): Promise<Device> {
  const dir = await folder(name)
  const ports = nodePorts({ account, token, dir, baseUrl: url, keyFile: join(dir, 'key') })
  let sent = 0
  const request: Ports['transport']['request'] = async (asked) => {
    const answer = await ports.transport.request(asked)
    if (asked.method === 'PATCH') sent = performance.now()
    return answer
  }
  const transport = { onReconnect: (listener: () => void) => ports.transport.onReconnect(listener), request }
  const engine = createEngine({ ...ports, transport }, account)
  await engine.start()
  await engine.syncNow()
  return { engine, view: await engine.openDex(account), sent: () => sent }
}

/** Resolves when the entry's picture is ready in a device's dex, its plate's bytes at hand. */
async function plate({ engine, view }: Device, entry: string): Promise<void> {
  await new Promise<void>((resolve) => {
    const look = () => {
      if (view.entries.get(entry)?.images?.[0]?.state === 'ready') resolve()
    }
    view.subscribe(look)
    look()
  })
  const image = view.entries.get(entry)?.images?.[0]
  const sha256 = image?.renditions?.wall?.sha256
  if (!image || !sha256) throw new Error('a picture is ready without its renditions')
  const bytes = await engine.picture({ dex: engine.account, entry, image: image.id, rendition: 'wall', sha256 })
  if (!bytes) throw new Error('the plate could not be fetched')
}

function keep({ engine }: Device, entry: string, original: Uint8Array): Promise<void> {
  const image = randomUUID()
  const sha256 = createHash('sha256').update(original).digest('hex')
  const mediaType = 'image/jpeg'
  const announced = {
    entry: { to: entry },
    sha256: { to: sha256 },
    size: { to: original.length },
    mediaType: { to: mediaType },
  }
  return engine.mutate(
    [
      { type: 'entry', id: entry, op: 'create', set: { note: { to: 'By the bridge.' } } },
      { type: 'image', id: image, op: 'create', set: announced },
    ],
    [{ image, entry, original, mediaType, sha256, previews: {} }],
  )
}

async function blockedSince(server: ChildProcess): Promise<number> {
  const answer = once(server, 'message')
  server.send('longest')
  const [{ longest }] = (await answer) as [{ longest: number }]
  return longest
}

/** A server, a phone and a laptop of one account: `photo` lets a photo travel, `idle` does nothing for a second. */
export interface Travel {
  photo(original: Uint8Array): Promise<PhotoIn>
  /** How long the server's loop stood still with nothing to do: what the machine adds. */
  idle(): Promise<number>
}

export async function onTheWay<T>(work: (travel: Travel) => Promise<T>): Promise<T> {
  const dex = await ownDex()
  const env = {
    ...process.env,
    NODE_ENV: 'production',
    LOG_LEVEL: 'warn',
    PORT: '0',
    DATA_DIR: await copyOf(dex.dataDir, 'data'),
  }
  const server = ofThisRun(fork(join(ROOT, 'bench/src/watched-server.ts'), { env, execArgv: FLAGS }))
  const [{ url }] = (await once(server, 'message')) as [{ url: string }]
  const [phone, laptop] = [await device(url, dex, 'phone'), await device(url, dex, 'laptop')]
  try {
    return await work({
      async photo(original) {
        const entry = randomUUID()
        await keep(phone, entry, original)
        await blockedSince(server)
        await plate(laptop, entry)
        const ms = performance.now() - phone.sent()
        return { ms, blocked: await blockedSince(server) }
      },
      async idle() {
        await blockedSince(server)
        await new Promise((resolve) => setTimeout(resolve, 1000))
        return blockedSince(server)
      },
    })
  } finally {
    await phone.engine.stop()
    await laptop.engine.stop()
    server.kill('SIGTERM')
    await once(server, 'exit')
  }
}
