import { AppError } from '@biologidex/core/errors'
import { type Rendered, render } from './render.ts'

/** Draws previews off the main thread: twelve megapixels take most of a second. One photo, one worker. */
async function answer(photo: Blob): Promise<Rendered> {
  try {
    return { previews: await render(photo) }
  } catch (error) {
    return { previews: {}, code: error instanceof AppError ? error.code : 'picture_damaged' }
  }
}

self.addEventListener('message', (event: MessageEvent<Blob>) => {
  void answer(event.data).then((rendered) => self.postMessage(rendered))
})
