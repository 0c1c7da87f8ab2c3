/** What browsers say of code that they could not fetch, and Vite of a style sheet. */
const NOT_FETCHED =
  /^(Failed to fetch dynamically imported module|error loading dynamically imported module|Importing a module script failed|Unable to preload CSS)/

/** Tells a part of the app that could not be fetched from one that is here and failed, which is a fault. */
export const isNotFetched = (error: unknown): boolean => error instanceof Error && NOT_FETCHED.test(error.message)

/** How long to wait for another try while the browser says that there is a network, in milliseconds. */
const REST = 5_000

/** Loads what the app cannot go on without: tried until it is fetched. */
export async function untilFetched<T>(load: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await load()
    } catch (error) {
      if (!isNotFetched(error)) throw error
      await new Promise((resolve) => {
        addEventListener('online', resolve, { once: true })
        setTimeout(resolve, REST)
      })
    }
  }
}

/** Links to style sheets that could not be fetched. */
const lost = new Set<HTMLLinkElement>()

/** Takes note of style sheets that cannot be fetched: Vite asks for each once, and a part that comes later would stand there bare. */
export function noteLostStyles(): void {
  const note = ({ target }: Event) => {
    if (target instanceof HTMLLinkElement && target.rel === 'stylesheet') lost.add(target)
  }
  addEventListener('error', note, { capture: true })
}

/** Asks again for style sheets that were lost. Rejects, as Vite does, when one is not to be had still. */
export async function fetchLostStyles(): Promise<void> {
  const coming = [...lost].map((link) => {
    const again = link.cloneNode() as HTMLLinkElement
    const settled = new Promise((resolve, reject) => {
      again.addEventListener('load', resolve)
      again.addEventListener('error', () => reject(new Error(`Unable to preload CSS for ${again.href}`)))
    })
    lost.delete(link)
    link.replaceWith(again)
    return settled
  })
  await Promise.all(coming)
}
