import type { Context } from '../../context.ts'
import { countListed, type Listing, pageListed } from './listing.store.ts'

export type { Listing } from './listing.store.ts'

/** A page of an owner's entries, by id, and how many there are in all. Those without an animal are left out. */
export async function listEntries(
  ctx: Pick<Context, 'db'>,
  owner: string,
  listing: Listing,
  offset: number,
  limit: number,
): Promise<{ count: number; ids: string[] }> {
  const count = await countListed(ctx.db, owner, listing)
  return { count, ids: offset < count ? await pageListed(ctx.db, owner, listing, offset, limit) : [] }
}
