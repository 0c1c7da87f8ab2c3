import { fillBareStore, readBareStore } from '../chromium/bare-store.ts'
import { type Browser, openBrowser } from '../chromium/browser.ts'
import { filledDevice } from '../chromium/filled.ts'
import { inTurns, type Samples } from '../pairs.ts'
import type { Row } from '../row.ts'

/** How long a browser rests before it is sent anywhere, in milliseconds: what it did before is over then. */
const REST = 1_500

async function fromNothing({ page }: Browser, url: string): Promise<void> {
  await page.goto('about:blank')
  await page.waitForTimeout(REST)
  await page.goto(url)
}

/** Opens the app, and waits for its plates. */
async function openApp(browser: Browser, url: string): Promise<number> {
  const { page } = browser
  await fromNothing(browser, url)
  await page.waitForFunction(() => window.probe.plates !== undefined, undefined, { polling: 100 })
  return page.evaluate(() => window.probe.plates ?? Number.NaN)
}

async function readAll(browser: Browser, url: string): Promise<number> {
  await fromNothing(browser, url)
  // Only a handle: the records themselves stay in the page.
  const held = await browser.page.evaluateHandle(readBareStore)
  const ms = await browser.page.evaluate(() => performance.now())
  await held.dispose()
  return ms
}

async function opening(pairs: number): Promise<Samples> {
  const device = await filledDevice()
  const { pages, profile } = await fillBareStore()
  const ours = await openBrowser(device.profile)
  const bare = await openBrowser(profile)
  try {
    return await inTurns(
      pairs,
      () => openApp(ours, device.url),
      () => readAll(bare, pages.url),
    )
  } finally {
    await ours.close()
    await bare.close()
    await pages.close()
  }
}

export const openingOffline: Row = {
  id: 'K',
  what: 'Chromium running, the server gone: navigation to plates on screen, beside navigation to all read from IndexedDB',
  unit: 'ms',
  target: { words: '≤ 300 ms', met: (ours) => ours <= 300 },
  run: opening,
}
