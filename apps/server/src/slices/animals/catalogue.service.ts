import type { AnimalItem } from '@biologidex/core/animals/animal'
import { calledAs, namesTyped } from '@biologidex/core/animals/called'
import { nameKey } from '@biologidex/core/animals/names'
import { AppError } from '@biologidex/core/errors'
import type { Context } from '../../context.ts'
import type { FeedHead } from '../../db/db.ts'
import { animalItems, resolveAnimal } from './animals.service.ts'
import { animalByKey, animalsById, toAnimalItem } from './animals.store.ts'
import { countAnimals, followedOf, listedAnimal, pageOfAnimals } from './catalogue.store.ts'

/** The account's own feed is of friendships, not of entries. */
const dexesOf = (heads: readonly FeedHead[]): FeedHead[] => heads.filter(({ kind }) => kind === 'owner' || kind === 'friends')

type Services = Pick<Context, 'db'>

/** A page of the catalogue, by scientific name. */
export async function listAnimals(
  { db }: Services,
  search: string | undefined,
  offset: number,
  limit: number,
): Promise<{ count: number; animals: AnimalItem[] }> {
  const count = await countAnimals(db, search)
  const payloads = offset < count ? await pageOfAnimals(db, search, offset, limit) : []
  return { count, animals: payloads.map((payload) => JSON.parse(payload) as AnimalItem) }
}

/** An animal as an account may know it: from the catalogue, or from entries that it follows, and called as it is on these. */
export async function animalFor({ db }: Services, account: string, id: string): Promise<AnimalItem | undefined> {
  const followed = await followedOf(db.read, id, dexesOf(await db.hot.followed(account)))
  if (followed) return calledAs((await animalItems(db.read, [id]))[0], () => namesTyped(followed))
  const payload = await listedAnimal(db, id)
  return payload === undefined ? undefined : (JSON.parse(payload) as AnimalItem)
}

/**
 * The animal of a scientific name, made when nobody typed it before. One that is hidden from the account looks like one that was
 * just made: that somebody else keeps it in private is not told.
 * @throws AppError invalid_mutation when it cannot be a scientific name
 */
export async function findOrMake(
  ctx: Services,
  account: string,
  scientificName: string,
  commonName: string | undefined,
): Promise<{ animal: AnimalItem; created: boolean }> {
  const key = nameKey(scientificName)
  if (!key)
    throw new AppError('invalid_input', [{ path: 'scientific_name', message: 'a scientific name: a genus, then epithets' }])
  const id =
    (await animalByKey(ctx.db.read, key)) ?? (await ctx.db.write((tx) => resolveAnimal(tx, { scientificName }, true))) ?? ''
  const known = await animalFor(ctx, account, id)
  if (known) return { animal: known, created: false }
  const [row] = await animalsById(ctx.db.read, [id])
  if (!row) throw new AppError('not_found')
  return { animal: { ...toAnimalItem(row, null), ...(commonName ? { names: { en: [commonName] } } : {}) }, created: true }
}
