import { once } from '../once.ts'
import { copyOf, folder } from '../places.ts'
import { signIn, startApp, wholeDex } from './app.ts'
import { type Browser, inBrowser } from './browser.ts'
import { PICTURES } from './pictures.ts'

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

/** Counts the pictures that the device has asked the server for: each once, by its checksum. */
function countPictures({ page }: Browser): () => number {
  let count = 0
  page.on('request', (request) => {
    if (request.url().endsWith('/wall')) count += 1
  })
  return () => count
}

/** Looks at plates by date until all pictures lie on the device. */
async function seeAllPictures(browser: Browser, url: string, seen: () => number): Promise<void> {
  await browser.page.goto(`${url}${BY_DATE}`)
  await wholeDex(browser)
  for (let looks = 0; seen() < PICTURES; looks += 1) {
    if (looks === MOST_LOOKS) throw new Error(`only ${seen()} of ${PICTURES} pictures were fetched`)
    await browser.page.evaluate((step) => document.querySelector('#content')?.scrollBy(0, step), STEP)
    await browser.page.waitForTimeout(PAUSE)
  }
  await browser.page.goto(url)
  await wholeDex(browser)
  await browser.page.waitForTimeout(REST)
}

const fill = once(async (): Promise<FilledDevice> => {
  const server = await startApp()
  const profile = await folder('filled')
  try {
    await inBrowser(profile, async (browser) => {
      const seen = countPictures(browser)
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
