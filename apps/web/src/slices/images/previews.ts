import type { PictureType } from '@biologidex/core/images/image'
import type { Rendered } from './render.ts'

/** Asks a worker for the previews; it is gone when it has answered. */
function inWorker(photo: Blob): Promise<Rendered> {
  return new Promise((resolve) => {
    const worker = new Worker(new URL('./previews.worker.ts', import.meta.url), { type: 'module' })
    const done = (rendered: Rendered) => {
      worker.terminate()
      resolve(rendered)
    }
    worker.addEventListener('message', (event: MessageEvent<Rendered>) => done(event.data))
    // The worker's code or memory failed, not the picture: it is kept, and shown once the server has made its own.
    worker.addEventListener('error', () => done({ previews: {} }))
    worker.postMessage(photo)
  })
}

/**
 * Previews for the wall and the screen, upright, as WebP or JPEG, made without holding up the page. A photo that cannot
 * be shown here has none; `code` then says why: HEIC is kept for later, anything else is damaged or too large.
 */
export async function makePreviews(bytes: Uint8Array, type: PictureType): Promise<Rendered> {
  const rendered = await inWorker(new Blob([bytes as Uint8Array<ArrayBuffer>], { type }))
  if (rendered.code === 'picture_damaged' && type === 'image/heic') return { previews: {}, code: 'picture_format_later' }
  return rendered
}
