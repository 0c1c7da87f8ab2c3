/** Side of what is sent, in pixels: more than the server keeps, so that its own scaling has something to work with. */
const SIDE = 512
const QUALITY = 0.9

async function drawSquare(photo: Blob): Promise<Blob> {
  const bitmap = await createImageBitmap(photo, { imageOrientation: 'from-image' })
  try {
    const from = Math.min(bitmap.width, bitmap.height)
    const side = Math.min(SIDE, from)
    const canvas = new OffscreenCanvas(side, side)
    const context = canvas.getContext('2d')
    if (!context) throw new Error('no canvas to draw on')
    context.imageSmoothingQuality = 'high'
    const [x, y] = [(bitmap.width - from) / 2, (bitmap.height - from) / 2]
    context.drawImage(bitmap, x, y, from, from, 0, 0, side, side)
    return await canvas.convertToBlob({ type: 'image/webp', quality: QUALITY })
  } finally {
    bitmap.close()
  }
}

/**
 * The middle of a photo as a small square: nothing else of it leaves the device, its place least of all. What this browser
 * cannot draw goes as it is, for the server to judge.
 */
export async function squarePicture(photo: Blob): Promise<Blob> {
  try {
    return await drawSquare(photo)
  } catch {
    return photo
  }
}
