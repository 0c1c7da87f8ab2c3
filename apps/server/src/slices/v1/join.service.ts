import type { Context } from '../../context.ts'
import type { V1Picture } from '../../db/v1-queries.ts'
import { calledOn, knownAnimals } from './animals.memory.ts'
import type { Joined } from './shapes.ts'
import type { SyncPayload } from './sync-payload.ts'

type Row<P extends SyncPayload> = Pick<Joined<P>, 'payload' | 'changedAt'>

/** Puts entries together with today's names of their animals and the PNGs of their pictures (V1), page by page. */
export class Joiner {
  readonly #ctx: Pick<Context, 'db'>
  readonly #owner: string
  readonly #namedAt: number
  /** Whether some entry that was joined has a picture without a PNG. */
  lacksPictures = false

  #pictures: ReadonlyMap<string, V1Picture> | undefined

  /**
   * @param namedAt when an animal was named anew last
   * @param pictured false where it is known that no PNG is there yet
   */
  constructor(ctx: Pick<Context, 'db'>, owner: string, namedAt: number, pictured = true) {
    this.#ctx = ctx
    this.#owner = owner
    this.#namedAt = namedAt
    this.#pictures = pictured ? undefined : new Map()
  }

  /** Reads all pictures of the dex at once, in a fifth of the time: for readers of all of it, where its size is bounded. */
  async readAllPictures(): Promise<void> {
    this.#pictures ??= await this.#ctx.db.v1.allPictures(this.#owner)
  }

  /** Those without an animal, or whose animal has no number, have no place in v1 and are left out. */
  async join<P extends SyncPayload, R extends Row<P>>(rows: readonly R[]): Promise<(R & Joined<R['payload']>)[]> {
    const named = rows.map(({ payload }) => payload.animal)
    const animals = await knownAnimals(this.#ctx, this.#namedAt, named)
    const pictures = this.#pictures ?? (await this.#picturesOf(rows))
    return rows.flatMap((row) => {
      const animal = animals.get(row.payload.animal ?? '')
      return animal ? [{ ...row, animal: calledOn(row.payload, animal), picture: this.#pictureOf(row.payload, pictures) }] : []
    })
  }

  #picturesOf(rows: readonly Row<SyncPayload>[]): Promise<ReadonlyMap<string, V1Picture>> {
    const ids = rows.map(({ payload }) => payload.id)
    return this.#ctx.db.v1.pictures(this.#owner, ids)
  }

  #pictureOf({ png }: SyncPayload, pictures: ReadonlyMap<string, V1Picture>): V1Picture | undefined {
    const picture = png === undefined ? undefined : pictures.get(png)
    if (png !== undefined && !picture) this.lacksPictures = true
    return picture
  }
}
