/** How long a page that is not painted (a tab in the background) is waited for, in milliseconds. */
const AT_MOST = 500

const frame = (): Promise<void> => new Promise((resolve) => requestAnimationFrame(() => resolve()))
const task = (): Promise<void> => new Promise((resolve) => setTimeout(resolve))

async function behind(frames: number): Promise<void> {
  for (let n = 0; n < frames; n += 1) await frame()
  await task()
}

/**
 * Resolves after a paint.
 * @param frames 2 where what is to be seen is put into the page later than now: the next frame may begin before that
 */
export function painted(frames = 1): Promise<void> {
  return Promise.race([behind(frames), new Promise<void>((resolve) => setTimeout(resolve, AT_MOST))])
}
