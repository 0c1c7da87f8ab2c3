/** How long a page that is not painted (a tab in the background) is waited for, in milliseconds. */
const AT_MOST = 500

const frame = (): Promise<void> => new Promise((resolve) => requestAnimationFrame(() => resolve()))
const task = (): Promise<void> => new Promise((resolve) => setTimeout(resolve))

async function behind(frames: number): Promise<void> {
  for (let n = 0; n < frames; n += 1) await frame()
  await task()
}

const orLate = (what: Promise<void>): Promise<void> =>
  Promise.race([what, new Promise<void>((resolve) => setTimeout(resolve, AT_MOST))])

/** Resolves after a paint. */
export const painted = (): Promise<void> => orLate(behind(1))

/**
 * Resolves when what is in the page now, or comes into it before the next frame ends, is on the screen: the second frame begins when the first
 * has been drawn. What begins right behind its paint takes the processors that still draw it.
 */
export const onScreen = (): Promise<void> => orLate(behind(2))
