import { join } from 'node:path'
import { readConfig } from '@biologidex/server/config'
import type { Context } from '@biologidex/server/context'
import { createLog } from '@biologidex/server/http/log'
import { start } from '@biologidex/server/server'
import { SeededRandom } from '@biologidex/server/slices/demo/seeded-random'
import { republishEntries } from '@biologidex/server/slices/entries/entries.service'
import { makeRenditions } from '@biologidex/server/slices/images/renditions'
import sharp from 'sharp'
import { type OwnDex, ownDex } from '../fixture/own.ts'
import { once } from '../once.ts'
import { copyOf } from '../places.ts'

/** Pictures that differ; each entry has one of them. */
export const PICTURES = 200
const SEED = 4_711
const SIZE = { width: 1024, height: 768 }
/** Pixels of the coarse scene that is enlarged: what makes a file of about the size that a photograph has. */
const COARSE = { width: 256, height: 192 }
const BATCH = 500
/** Pictures made at a time: each begins with its own stretch of the same random numbers. */
const AT_ONCE = 4

/** A picture with large shapes and fine grain. */
function photograph(random: SeededRandom): Promise<Buffer> {
  const { width, height } = COARSE
  const ground = [random.whole(40, 200), random.whole(40, 200), random.whole(40, 200)]
  const pixels = Buffer.alloc(width * height * 3)
  for (let i = 0; i < pixels.length; i += 1) {
    const shape = 40 * Math.sin((i % (width * 3)) / 90 + (ground[0] ?? 0)) * Math.cos(i / (width * 240))
    pixels[i] = Math.max(0, Math.min(255, (ground[i % 3] ?? 0) + shape + random.whole(-24, 24)))
  }
  const raw = { width, height, channels: 3 } as const
  return sharp(pixels, { raw }).resize(SIZE.width, SIZE.height, { kernel: 'cubic' }).jpeg().toBuffer()
}

interface Kept {
  readonly wall: string
  readonly thumbhash: string
  readonly renditions: string
}

/** Makes a picture's renditions and keeps them, as the server's own job does. */
async function keep(ctx: Context, random: SeededRandom): Promise<Kept> {
  const { wall, screen, thumbhash } = await makeRenditions(await photograph(random))
  const kept = async (bytes: Uint8Array) => ({ sha256: await ctx.blobs.put(bytes), size: bytes.length })
  const renditions = { wall: await kept(wall), screen: await kept(screen) }
  return { wall: renditions.wall.sha256, thumbhash, renditions: JSON.stringify(renditions) }
}

/** Gives every entry one of the pictures, in turn. */
async function hang(ctx: Context, { account, entries }: OwnDex, pictures: readonly Kept[]): Promise<void> {
  for (let from = 0; from < entries.length; from += BATCH) {
    const batch = entries.slice(from, from + BATCH)
    await ctx.db.write(async (tx) => {
      await tx.lockOwner(account)
      for (const [at, entry] of batch.entries()) {
        const { thumbhash, renditions } = pictures[(from + at) % pictures.length] as Kept
        const set = { ...SIZE, thumbhash, renditions }
        await tx.q.updateTable('images').set(set).where('owner_id', '=', account).where('entry_id', '=', entry).execute()
      }
      await republishEntries(tx, ctx.nudges, account, batch)
    })
  }
}

interface Pictured {
  readonly dex: OwnDex
  /** SHA-256 of each picture as the wall shows it. */
  readonly wall: readonly string[]
}

const pictured = once(async (): Promise<Pictured> => {
  const bare = await ownDex()
  const dataDir = await copyOf(bare.dataDir, 'pictured')
  const server = await start(readConfig({ DATA_DIR: dataDir, PORT: '0' }), { log: createLog('warn') })
  try {
    const random = new SeededRandom(SEED)
    const pictures: Kept[] = []
    while (pictures.length < PICTURES) {
      pictures.push(...(await Promise.all(Array.from({ length: AT_ONCE }, () => keep(server.ctx, random)))))
    }
    const dex = { ...bare, dataDir }
    await hang(server.ctx, dex, pictures)
    return { dex, wall: pictures.map(({ wall }) => wall) }
  } finally {
    await server.close()
  }
})

/** The dex of the rows called "own", its pictures such as can be fetched and seen. */
export const picturedDex = async (): Promise<OwnDex> => (await pictured()).dex

/** Files of the pictures as the wall shows them. */
export async function picturesOfWall(): Promise<string[]> {
  const { dex, wall } = await pictured()
  return wall.map((sha256) => join(dex.dataDir, 'blobs', sha256.slice(0, 2), sha256.slice(2, 4), sha256))
}
