import { AppError, type ErrorCode } from '@biologidex/core/errors'
import { RENDITIONS } from '@biologidex/core/images/image'
import { LIMITS } from '@biologidex/core/limits'
import sharp, { type OutputInfo, type Sharp } from 'sharp'
import { rgbaToThumbHash } from 'thumbhash'

/** What is made of an original. */
export interface Renditions {
  /** Of the original, upright. */
  readonly width: number
  readonly height: number
  readonly wall: Uint8Array
  readonly screen: Uint8Array
  /** Base64. */
  readonly thumbhash: string
}

/** Pixels in memory: all that a rendition is made from, so that nothing else of the original can pass (I6). */
interface Pixels {
  readonly data: Buffer
  readonly info: OutputInfo
}

/** Longest side that a thumbhash is computed from. */
const THUMB = 100
/** Effort 2 takes a third less time than sharp's 4, for files of about the same size. */
const WEBP = { quality: 80, effort: 2 } as const
/** Seconds after which a picture that was made to keep the server busy is given up. */
const LONGEST_DECODE = 120

/** One thread per picture leaves the other core to the requests; caching files that are read once only costs memory. */
export function prepareSharp(): void {
  sharp.concurrency(1)
  sharp.cache(false)
}

const fitting = (image: Sharp, side: number): Promise<Pixels> =>
  image.resize(side, side, { fit: 'inside', withoutEnlargement: true }).raw().toBuffer({ resolveWithObject: true })

const fromPixels = ({ data, info: { width, height, channels } }: Pixels): Sharp =>
  sharp(data, { raw: { width, height, channels } })

/** Why a picture cannot be decoded; undefined when that is not the picture's fault (no memory). */
function verdict(error: unknown): ErrorCode | undefined {
  const words = error instanceof Error ? error.message : ''
  if (/exceeds pixel limit/i.test(words)) return 'picture_too_many_pixels'
  return /out of memory|unable to allocate|cannot allocate/i.test(words) ? undefined : 'picture_damaged'
}

/** The first frame, upright, in sRGB, decoded once and no larger than the largest rendition. */
async function decode(original: Uint8Array): Promise<Pixels & { upright: { width: number; height: number } }> {
  const image = sharp(original, { limitInputPixels: LIMITS.picturePixels, failOn: 'error' })
  try {
    const { autoOrient: upright } = await image.metadata()
    const pixels = await fitting(image.timeout({ seconds: LONGEST_DECODE }).autoOrient(), RENDITIONS.screen)
    return { ...pixels, upright }
  } catch (error) {
    const code = verdict(error)
    throw code ? new AppError(code) : error
  }
}

async function thumbhash(pixels: Pixels): Promise<string> {
  const { data, info } = await fitting(fromPixels(pixels).ensureAlpha().toColourspace('srgb'), THUMB)
  return Buffer.from(rgbaToThumbHash(info.width, info.height, data)).toString('base64')
}

/**
 * Makes every rendition of an original: the same bytes whenever it is asked again. The work is done on sharp's threads.
 * @throws AppError `picture_damaged` or `picture_too_many_pixels` when it cannot be shown; anything else may be tried again
 */
export async function makeRenditions(original: Uint8Array): Promise<Renditions> {
  const screen = await decode(original)
  const wall = await fitting(fromPixels(screen), RENDITIONS.wall)
  return {
    width: screen.upright.width,
    height: screen.upright.height,
    wall: await fromPixels(wall).webp(WEBP).toBuffer(),
    screen: await fromPixels(screen).webp(WEBP).toBuffer(),
    thumbhash: await thumbhash(wall),
  }
}
