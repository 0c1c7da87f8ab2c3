import { RENDITIONS } from '@biologidex/core/images/image'
import * as pictures from '@biologidex/test-kit/pictures'
import sharp from 'sharp'
import { thumbHashToApproximateAspectRatio, thumbHashToAverageRGBA } from 'thumbhash'
import { describe, expect, it } from 'vitest'
import { makeRenditions } from './renditions.ts'

/** The mean colour of a spot, given in parts of width and height. */
async function colourAt(picture: Uint8Array, x: number, y: number): Promise<number[]> {
  const { width, height } = await sharp(picture).metadata()
  const spot = { left: Math.floor(width * x) - 2, top: Math.floor(height * y) - 2, width: 4, height: 4 }
  const { channels } = await sharp(await sharp(picture).extract(spot).png().toBuffer()).stats()
  return channels.slice(0, 3).map((channel) => channel.mean)
}

const SPOTS = [
  [0.25, 0.25],
  [0.75, 0.25],
  [0.25, 0.75],
  [0.75, 0.75],
] as const

async function expectUpright(picture: Uint8Array): Promise<void> {
  for (const [i, [x, y]] of SPOTS.entries()) {
    const colour = await colourAt(picture, x, y)
    for (const [c, value] of colour.entries()) expect(Math.abs(value - (pictures.QUARTERS[i]?.[c] ?? 0))).toBeLessThan(45)
  }
}

/** Names of what must not be in a rendition (I6): chunks and tags of metadata, and what the test pictures' EXIF says. */
const TELLTALES = ['Exif', 'EXIF', 'GPS', 'XMP', 'ICCP', 'Fieldphone', 'A. Person', '2026:05', 'http']

async function expectBare(picture: Uint8Array): Promise<void> {
  const { format, exif, icc, xmp, iptc, orientation } = await sharp(picture).metadata()
  expect({ format, exif, icc, xmp, iptc, orientation }).toEqual({ format: 'webp' })
  const text = Buffer.from(picture).toString('latin1')
  expect(TELLTALES.filter((word) => text.includes(word))).toEqual([])
}

describe('renditions', () => {
  it('of a 12-megapixel phone photo are upright, small and bare (I6)', async () => {
    const photo = await pictures.photograph({ width: 4032, height: 3024, orientation: 6 })
    expect(photo.toString('latin1')).toContain('Fieldphone')
    const made = await makeRenditions(photo)
    expect([made.width, made.height]).toEqual([4032, 3024])
    for (const name of ['wall', 'screen'] as const) {
      const { width, height } = await sharp(made[name]).metadata()
      expect([width, height]).toEqual([RENDITIONS[name], RENDITIONS[name] * 0.75])
      await expectUpright(made[name])
      await expectBare(made[name])
    }
  })

  it.each([1, 2, 3, 4, 5, 6, 7, 8] as const)('stand upright from orientation %d', async (orientation) => {
    const made = await makeRenditions(await pictures.photograph({ width: 280, height: 200, orientation }))
    expect([made.width, made.height]).toEqual([280, 200])
    expect((await sharp(made.screen).metadata()).width).toBe(280)
    await expectUpright(made.wall)
    await expectUpright(made.screen)
    await expectBare(made.wall)
  })

  it.each(['png', 'webp', 'avif'] as const)('are made of %s', async (kind) => {
    const made = await makeRenditions(await pictures[kind]({ width: 240, height: 180 }))
    expect([made.width, made.height]).toEqual([240, 180])
    await expectUpright(made.wall)
    await expectBare(made.screen)
  })

  it('of a GIF show its first frame only', async () => {
    const made = await makeRenditions(await pictures.gif(40, 30, [255, 0, 0], [0, 0, 255]))
    expect([made.width, made.height]).toEqual([40, 30])
    const { pages, width } = await sharp(made.screen).metadata()
    expect([pages, width]).toEqual([undefined, 40])
    const [red = 0, , blue = 255] = await colourAt(made.wall, 0.5, 0.5)
    expect(red).toBeGreaterThan(200)
    expect(blue).toBeLessThan(50)
  })

  it('never enlarge', async () => {
    const made = await makeRenditions(await pictures.png({ width: 31, height: 20 }))
    for (const name of ['wall', 'screen'] as const) expect((await sharp(made[name]).metadata()).width).toBe(31)
  })

  it('bring other colour spaces, greys, depths and transparency to sRGB', async () => {
    const scene = { width: 200, height: 160 }
    const p3 = await pictures.upright(scene).withIccProfile('p3').jpeg().toBuffer()
    await expectUpright((await makeRenditions(p3)).screen)
    // Inks cannot print these colours: it is enough that red is still the reddest.
    const cmyk = await makeRenditions(await pictures.upright(scene).toColourspace('cmyk').jpeg().toBuffer())
    const [red = 0, green = 0, blue = 0] = await colourAt(cmyk.screen, 0.25, 0.25)
    expect(red).toBeGreaterThan(2 * Math.max(green, blue))
    const deep = await pictures.upright(scene).toColourspace('rgb16').png().toBuffer()
    await expectUpright((await makeRenditions(deep)).screen)
    const grey = await makeRenditions(await pictures.upright(scene).greyscale().jpeg().toBuffer())
    expect((await sharp(grey.wall).metadata()).width).toBe(200)
    const clear = await pictures.upright(scene).ensureAlpha(0.5).png().toBuffer()
    expect((await sharp((await makeRenditions(clear)).wall).metadata()).hasAlpha).toBe(true)
  })

  it('come with a thumbhash of the upright picture', async () => {
    const { thumbhash } = await makeRenditions(await pictures.photograph({ width: 400, height: 200, orientation: 6 }))
    const hash = Buffer.from(thumbhash, 'base64')
    expect(thumbHashToApproximateAspectRatio(hash)).toBeGreaterThan(1.5)
    expect(thumbHashToAverageRGBA(hash).a).toBe(1)
  })

  it('are the same bytes when made again', async () => {
    const photo = await pictures.photograph({ width: 900, height: 700, orientation: 8 })
    const [one, two] = [await makeRenditions(photo), await makeRenditions(photo)]
    expect(Buffer.compare(one.wall, two.wall) || Buffer.compare(one.screen, two.screen)).toBe(0)
    expect(one.thumbhash).toBe(two.thumbhash)
  })

  it.each([
    ['a truncated JPEG', () => pictures.truncatedJpeg({ width: 500, height: 400 }), 'picture_damaged'],
    [
      'noise under a JPEG’s header',
      async () => Buffer.concat([Buffer.from([255, 216, 255]), pictures.html()]),
      'picture_damaged',
    ],
    ['a PNG cut in its header', async () => (await pictures.png({ width: 9, height: 9 })).subarray(0, 20), 'picture_damaged'],
    ['a header that promises 400 megapixels', () => pictures.bomb(20_000), 'picture_too_many_pixels'],
    ['a header that promises more than the PNG it is', () => pictures.bomb(9_000), 'picture_damaged'],
  ])('are not made of %s', async (_what, make, code) => {
    await expect(makeRenditions(await make())).rejects.toMatchObject({ code })
  })
})
