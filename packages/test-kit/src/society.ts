import { randomUUID } from 'node:crypto'
import type { Context } from '@biologidex/server/context'
import { openSession } from '@biologidex/server/slices/accounts/sessions.service'
import { befriended, readyPicture, TestDevice } from './dex.ts'
import { accountOf, type TestServer } from './test-server.ts'

/** How somebody stands to the owner of a dex. `visitor`: who has no account. */
export const ROLES = ['visitor', 'stranger', 'friend', 'former friend', 'blocked', 'owner', 'admin'] as const
export type Role = (typeof ROLES)[number]

/** An entry of the owner's with a picture whose bytes the server has. */
export interface Shown {
  readonly entry: string
  readonly image: string
}

/** One person in each role, and a dex with an entry of each visibility. */
export interface Society {
  readonly server: TestServer
  readonly devices: Readonly<Record<Exclude<Role, 'visitor'>, TestDevice>>
  readonly entries: Readonly<Record<'private' | 'friends' | 'public', Shown>>
  /** A picture of the owner's that is announced and not sent. */
  readonly waiting: { readonly image: string; readonly size: number }
  /** A new session of whoever has a role, as headers; none for a visitor. */
  headersOf(role: Role): Promise<Record<string, string>>
}

async function kept(ctx: Context, device: TestDevice, visibility: keyof Society['entries']): Promise<Shown> {
  const entry = randomUUID()
  const set = { animal: { to: { scientificName: 'Ardea cinerea' } }, visibility: { to: visibility } }
  await device.push([device.change('entry', entry, 'create', set)])
  const bytes = Buffer.from(`a picture, ${visibility}`)
  return { entry, image: await readyPicture(device, entry, { sha256: await ctx.blobs.put(bytes), size: bytes.length }) }
}

/** Signs everybody up on a server that nobody has an account on yet: the first becomes its admin. */
export async function society(server: TestServer): Promise<Society> {
  const { ctx } = server
  const signUp = async (username: string) => new TestDevice(ctx, accountOf(await server.signUp(username, 'bearer')))
  const devices = {
    admin: await signUp('admin'),
    owner: await signUp('owner'),
    stranger: await signUp('stranger'),
    friend: await signUp('friend'),
    'former friend': await signUp('former'),
    blocked: await signUp('blocked'),
  }
  const { owner, friend, blocked, 'former friend': former } = devices
  for (const other of [friend, former, blocked]) await befriended(owner, other)
  await owner.push([owner.change('friend', former.account, 'delete'), owner.change('block', blocked.account, 'create')])
  const entries = {
    private: await kept(ctx, owner, 'private'),
    friends: await kept(ctx, owner, 'friends'),
    public: await kept(ctx, owner, 'public'),
  }
  const waiting = { image: randomUUID(), size: 10 }
  // Behind the picture that is there: that one stands for the entry.
  const picture = { sha256: 'c'.repeat(64), size: waiting.size, mediaType: 'image/jpeg', position: 1 }
  const set = { entry: entries.private.entry, ...picture }
  const announced = Object.fromEntries(Object.entries(set).map(([field, to]) => [field, { to }]))
  await owner.push([owner.change('image', waiting.image, 'create', announced)])
  return {
    server,
    devices,
    entries,
    waiting,
    async headersOf(role): Promise<Record<string, string>> {
      if (role === 'visitor') return {}
      const token = await ctx.db.write((tx) => openSession(tx, devices[role].account, 'bearer', 'test'))
      return { authorization: `Bearer ${token}` }
    },
  }
}
