import sharp from 'sharp'
import type { Context } from '../../context.ts'
import { type Developed, develop } from '../images/images.service.ts'
import { DEMO_ANIMALS, type DemoAnimal } from './demo-animals.ts'
import { drawScene } from './demo-scene.ts'
import { SeededRandom } from './seeded-random.ts'

/** A picture that is kept, with what becomes of it on an entry. */
export interface KeptPicture {
  readonly sha256: string
  readonly size: number
  readonly mediaType: 'image/jpeg' | 'image/webp'
  readonly developed: Developed
}

/** Keeps a picture's bytes and makes its renditions. */
export async function keepPicture(ctx: Context, bytes: Uint8Array, mediaType: KeptPicture['mediaType']): Promise<KeptPicture> {
  const sha256 = await ctx.blobs.put(bytes)
  return { sha256, size: bytes.length, mediaType, developed: await develop(ctx, sha256) }
}

async function draw(ctx: Context, seed: number, animal: DemoAnimal): Promise<KeptPicture> {
  const svg = Buffer.from(drawScene(new SeededRandom(seed), animal))
  return keepPicture(ctx, await sharp(svg).jpeg({ quality: 86 }).toBuffer(), 'image/jpeg')
}

/**
 * Drawn pictures: another one for every sighting, or, when they are shared, one for each animal.
 */
export class DrawnPictures {
  readonly #ctx: Context
  readonly #shared: boolean
  readonly #byAnimal = new Map<string, Promise<KeptPicture>>()

  constructor(ctx: Context, shared: boolean) {
    this.#ctx = ctx
    this.#shared = shared
  }

  /** The picture of the `at`th sighting. */
  of(at: number, animal: DemoAnimal): Promise<KeptPicture> {
    if (!this.#shared) return draw(this.#ctx, at + 1, animal)
    const drawn = this.#byAnimal.get(animal.art) ?? draw(this.#ctx, DEMO_ANIMALS.indexOf(animal) + 1, animal)
    this.#byAnimal.set(animal.art, drawn)
    return drawn
  }
}
