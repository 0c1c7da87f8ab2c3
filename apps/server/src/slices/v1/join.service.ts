import type { Context } from '../../context.ts'
import type { V1PicturesTable } from '../../db/tables.ts'
import { type DatedAnimal, datedAnimals } from '../animals/animals.service.ts'
import { type Joined, type Payload, pngImageOf } from './shapes.ts'
import { picturesOf } from './v1.store.ts'

/** Puts entries together with today's names of their animals and the PNGs of their pictures (V1), page by page. */
export class Joiner {
  readonly #ctx: Pick<Context, 'db'>
  readonly #owner: string
  readonly #animals = new Map<string, DatedAnimal>()
  /** Whether some entry that was joined has a picture without a PNG. */
  lacksPictures = false

  readonly #pictured: boolean

  /** @param pictured false where it is known that no PNG is there yet */
  constructor(ctx: Pick<Context, 'db'>, owner: string, pictured = true) {
    this.#ctx = ctx
    this.#owner = owner
    this.#pictured = pictured
  }

  /** Those without an animal have no place in v1 and are left out. */
  async join(rows: readonly { readonly payload: Payload; readonly changedAt: number }[]): Promise<Joined[]> {
    await this.#readAnimals(rows.map(({ payload }) => payload.animal))
    const ids = this.#pictured ? rows.map(({ payload }) => payload.id) : []
    const pictures = await picturesOf(this.#ctx.db.read, this.#owner, ids)
    return rows.flatMap(({ payload, changedAt }) => {
      const animal = this.#animals.get(payload.animal ?? '')
      return animal ? [{ payload, changedAt, animal, picture: this.#pictureOf(payload, pictures) }] : []
    })
  }

  #pictureOf(payload: Payload, pictures: ReadonlyMap<string, V1PicturesTable>): V1PicturesTable | undefined {
    const image = pngImageOf(payload)
    const picture = image === undefined ? undefined : pictures.get(image)
    if (image !== undefined && !picture) this.lacksPictures = true
    return picture
  }

  async #readAnimals(ids: readonly (string | undefined)[]): Promise<void> {
    const unknown = [...new Set(ids)].filter((id) => id !== undefined && !this.#animals.has(id)) as string[]
    for (const animal of await datedAnimals(this.#ctx.db.read, unknown)) this.#animals.set(animal.item.id, animal)
  }
}
