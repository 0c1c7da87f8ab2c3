import { AppError, type ErrorCode } from '@biologidex/core/errors'
import { RENDITIONS, type RenditionName } from '@biologidex/core/images/image'
import { LIMITS } from '@biologidex/core/limits'
import { fit } from './fit.ts'

/** Pictures made on the device, to look at until the server's own arrive. */
export type Previews = Partial<Record<RenditionName, Uint8Array>>

/** What came of making previews: `code` says why there are none. */
export interface Rendered {
  readonly previews: Previews
  readonly code?: ErrorCode
}

const QUALITY = 0.82

/** Safari draws WebP but cannot write it: it answers PNG, which is far too large for a photo. */
async function encode(canvas: OffscreenCanvas): Promise<Blob> {
  const webp = await canvas.convertToBlob({ type: 'image/webp', quality: QUALITY })
  return webp.type === 'image/webp' ? webp : canvas.convertToBlob({ type: 'image/jpeg', quality: QUALITY })
}

function draw(source: CanvasImageSource, from: { width: number; height: number }, side: number): OffscreenCanvas {
  const { width, height } = fit(from, side)
  const canvas = new OffscreenCanvas(width, height)
  const context = canvas.getContext('2d')
  if (!context) throw new Error('no canvas to draw on')
  context.imageSmoothingQuality = 'high'
  context.drawImage(source, 0, 0, width, height)
  return canvas
}

const bytesOf = async (blob: Blob): Promise<Uint8Array> => new Uint8Array(await blob.arrayBuffer())

/**
 * Draws a photo upright at the sizes of the server's renditions. What this browser cannot decode rejects.
 * @throws AppError picture_too_many_pixels
 */
export async function render(photo: Blob): Promise<Previews> {
  const bitmap = await createImageBitmap(photo, { imageOrientation: 'from-image' })
  try {
    if (bitmap.width * bitmap.height > LIMITS.picturePixels) throw new AppError('picture_too_many_pixels')
    const screen = draw(bitmap, bitmap, RENDITIONS.screen)
    const wall = draw(screen, screen, RENDITIONS.wall)
    const [screenBlob, wallBlob] = await Promise.all([encode(screen), encode(wall)])
    return { screen: await bytesOf(screenBlob), wall: await bytesOf(wallBlob) }
  } finally {
    bitmap.close()
  }
}
