import { createHash, randomUUID } from 'node:crypto'
import { nodeTransport } from '@biologidex/client/adapters/http-node'
import { memoryBlobs, memoryStore } from '@biologidex/client/adapters/memory'
import { MemoryDisk } from '@biologidex/client/adapters/memory-disk'
import { memoryPictures } from '@biologidex/client/adapters/memory-pictures'
import { memoryChannelHub, memoryLock } from '@biologidex/client/adapters/memory-tabs'
import { cryptoRandom, systemClock, webHasher } from '@biologidex/client/adapters/system'
import { createEngine } from '@biologidex/client/engine'
import type { Draft, Engine } from '@biologidex/client/face'
import { NetworkFailure, type Ports, type Transport } from '@biologidex/client/ports'
import type { SessionView } from '@biologidex/core/accounts/account'
import type { EntryOnScreen } from '@biologidex/core/sync/overlay'
import type { Context } from '@biologidex/server/context'
import { republishEntries } from '@biologidex/server/slices/entries/entries.service'
import type { TestServer } from '../test-server.ts'

const sha256Of = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')

/** What is planted in an entry, and must not be found where it may not be seen. */
export const noteOf = (entry: string): string => `words of ${entry}`
const bytesOf = (entry: string): Uint8Array => new TextEncoder().encode(`picture of ${entry}`)

/** Everything on a disk as text, pictures as what they spell. */
function textOf({ records }: MemoryDisk): string {
  return JSON.stringify(records, (_, value: unknown) => {
    if (value instanceof Map) return [...value]
    return value instanceof Uint8Array ? new TextDecoder().decode(value) : value
  })
}

/** A person with one device, which outlives its program and its session. */
export class Member {
  readonly account: string
  readonly code: string
  readonly disk = new MemoryDisk()
  online = true
  engine: Engine
  readonly #server: TestServer
  readonly #token: string

  private constructor(server: TestServer, session: SessionView, code: string) {
    this.#server = server
    this.account = session.account.id
    this.code = code
    this.#token = session.token ?? ''
    this.engine = createEngine(this.#ports(), this.account)
  }

  static async join(server: TestServer, name: string): Promise<Member> {
    const up = await server.signUp(name, 'bearer', {})
    const session = up.json as unknown as SessionView
    const row = await server.ctx.db.read
      .selectFrom('accounts')
      .select('friend_code')
      .where('id', '=', session.account.id)
      .executeTakeFirstOrThrow()
    const member = new Member(server, session, row.friend_code)
    await member.engine.start()
    return member
  }

  /** Closes the program and opens it again. */
  async restart(): Promise<void> {
    await this.engine.stop()
    this.engine = createEngine(this.#ports(), this.account)
    await this.engine.start()
  }

  /** Signs out, and in again on an empty disk. */
  async signOut(): Promise<void> {
    await this.engine.wipe()
    this.engine = createEngine(this.#ports(), this.account)
    await this.engine.start()
  }

  change(type: string, id: string, op: Draft['op'], set: Record<string, unknown> = {}): Promise<void> {
    const fields = Object.fromEntries(Object.entries(set).map(([field, to]) => [field, { to }]))
    return this.engine.mutate([{ type, id, op, set: fields } as Draft])
  }

  /** Keeps a sighting; its picture is ready on the server as soon as the server knows it. */
  async keep(visibility: string): Promise<void> {
    const id = randomUUID()
    const animal = { scientificName: 'Ardea cinerea' }
    await this.change('entry', id, 'create', { animal, visibility, note: noteOf(id), observed: { at: '2026-05-04' } })
    if (!this.online) return
    await this.engine.syncNow()
    await this.#picture(this.#server.ctx, id)
  }

  async #picture(ctx: Context, entry: string): Promise<void> {
    const image = randomUUID()
    const bytes = bytesOf(entry)
    const sha256 = await ctx.blobs.put(Buffer.from(bytes))
    await this.change('image', image, 'create', { entry, sha256: 'a'.repeat(64), size: 10, mediaType: 'image/jpeg' })
    await this.engine.syncNow()
    await ctx.db.write(async (tx) => {
      await tx.lockOwner(this.account)
      const rendition = { sha256, size: bytes.length }
      const renditions = JSON.stringify({ wall: rendition, screen: rendition })
      await tx.q
        .updateTable('images')
        .set({ state: 'ready', width: 4, height: 3, renditions })
        .where('id', '=', image)
        .execute()
      await republishEntries(tx, ctx.nudges, this.account, [entry])
    })
  }

  async entriesOf(dex: string): Promise<readonly EntryOnScreen[]> {
    const view = await this.engine.openDex(dex)
    const entries = [...view.entries.values()]
    view.close()
    return entries
  }

  /** Looks at a dex, picture by picture. */
  async look(dex: string): Promise<void> {
    for (const { id, images = [] } of await this.entriesOf(dex)) {
      for (const image of images) {
        const sha256 = image.renditions?.wall?.sha256
        if (sha256) await this.engine.picture({ dex, entry: id, image: image.id, rendition: 'wall', sha256 })
      }
    }
    await this.engine.looked(dex)
  }

  /** True when words, picture or checksum of an entry lie anywhere on the disk. */
  holds(entry: string): boolean {
    const all = textOf(this.disk)
    return [noteOf(entry), new TextDecoder().decode(bytesOf(entry)), sha256Of(bytesOf(entry))].some((text) =>
      all.includes(text),
    )
  }

  #ports(): Ports {
    const http = nodeTransport({ baseUrl: this.#server.url, token: this.#token })
    const transport: Transport = {
      request: async (request) => {
        // No stream of events: what is known after each contact is what is asked for here.
        if (!this.online || request.path.includes('/events')) throw new NetworkFailure('away')
        return http.request(request)
      },
      onReconnect: () => () => undefined,
    }
    return {
      store: memoryStore(this.disk),
      blobs: memoryBlobs(this.disk),
      pictures: memoryPictures(this.disk),
      transport,
      clock: systemClock(),
      lock: memoryLock(),
      channel: memoryChannelHub().open(),
      random: cryptoRandom(),
      hasher: webHasher(),
    }
  }
}
