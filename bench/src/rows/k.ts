import { fillBareStore, readBareStore } from '../chromium/bare-store.ts'
import { inBrowser } from '../chromium/browser.ts'
import { type FilledDevice, filledDevice } from '../chromium/filled.ts'
import { inTurns, type Samples } from '../pairs.ts'
import type { Row } from '../row.ts'

/** Opens the app in a browser that was just started, and waits for its plates. */
const openApp = ({ profile, url }: FilledDevice): Promise<number> =>
  inBrowser(profile, async ({ page }) => {
    await page.goto(url)
    await page.waitForFunction(() => window.probe.plates !== undefined, undefined, { polling: 200 })
    return page.evaluate(() => window.probe.plates ?? Number.NaN)
  })

const readAll = (profile: string, url: string): Promise<number> =>
  inBrowser(profile, async ({ page }) => {
    await page.goto(url)
    await page.evaluate(readBareStore)
    return page.evaluate(() => performance.now())
  })

async function opening(pairs: number): Promise<Samples> {
  const device = await filledDevice()
  const { pages, profile } = await fillBareStore()
  try {
    return await inTurns(
      pairs,
      () => openApp(device),
      () => readAll(profile, pages.url),
    )
  } finally {
    await pages.close()
  }
}

export const openingOffline: Row = {
  id: 'K',
  what: 'Chromium just started, the server gone: navigation to plates on screen, beside reading all from IndexedDB',
  unit: 'ms',
  target: { words: '≤ 300 ms', met: (ours) => ours <= 300 },
  run: opening,
}
