import { once } from '../once.ts'
import { copyOf, folder } from '../places.ts'
import { signIn, startApp, wholeDex } from './app.ts'
import { type Browser, inBrowser } from './browser.ts'
import { PICTURES, picturedDex } from './pictures.ts'

/** A device with the whole dex and all pictures of its wall, and where its app was. No server is there any more. */
export interface FilledDevice {
  readonly profile: string
  readonly url: string
}

/** Steps of looking at the wall, in CSS pixels and milliseconds; chance dealt the pictures, and no step shows more than a dozen. */
const STEP = 1_400
const PAUSE = 120
const MOST_LOOKS = 800
/** How long the wall rests until its first plates are kept for the next start. */
const REST = 2_500

/** The wall with one plate for each entry, instead of one for each animal. */
export const BY_DATE = '/?sort=date'

/**
 * Counts the pictures that the device has asked for: each once, though entries that have the same may ask for it before it is here. Whether each
 * came is not said: the browser calls some that did aborted, when the page is left. One that did not is asked for by the next entry that has it.
 * @param entries ids in the order in which the pictures were hung
 */
function countPictures({ page }: Browser, entries: readonly string[]): () => number {
  const numbers = new Map(entries.map((id, at) => [id, at % PICTURES]))
  const asked = new Set<number>()
  page.on('request', (request) => {
    const parts = new URL(request.url()).pathname.split('/')
    if (parts.at(-1) !== 'wall') return
    for (const number of parts.map((part) => numbers.get(part))) if (number !== undefined) asked.add(number)
  })
  return () => asked.size
}

/** Looks at plates by date until all pictures lie on the device. */
async function seeAllPictures(browser: Browser, url: string, seen: () => number): Promise<void> {
  await browser.page.goto(`${url}${BY_DATE}`)
  await wholeDex(browser)
  for (let looks = 0; seen() < PICTURES; looks += 1) {
    if (looks === MOST_LOOKS) throw new Error(`only ${seen()} of ${PICTURES} pictures were asked for`)
    await browser.page.evaluate((step) => document.querySelector('#content')?.scrollBy(0, step), STEP)
    await browser.page.waitForTimeout(PAUSE)
  }
  await browser.page.goto(url)
  await wholeDex(browser)
  await browser.page.waitForTimeout(REST)
}

const fill = once(async (): Promise<FilledDevice> => {
  const server = await startApp()
  const { entries } = await picturedDex()
  const profile = await folder('filled')
  try {
    await inBrowser(profile, async (browser) => {
      const seen = countPictures(browser, entries)
      await signIn(browser, server.url)
      await wholeDex(browser)
      await seeAllPictures(browser, server.url, seen)
    })
    return { profile, url: server.url }
  } finally {
    await server.stop()
  }
})

/** A copy of the filled device, to be used up. */
export async function filledDevice(): Promise<FilledDevice> {
  const { profile, url } = await fill()
  return { profile: await copyOf(profile, 'device'), url }
}
