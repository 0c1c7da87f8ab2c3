import { wholeDex } from '../chromium/app.ts'
import { fillBareStore, readBareStore } from '../chromium/bare-store.ts'
import { inBrowser } from '../chromium/browser.ts'
import { BY_DATE, type FilledDevice, filledDevice } from '../chromium/filled.ts'
import { heapOf } from '../chromium/heap.ts'
import { inTurns, type Samples } from '../pairs.ts'
import type { Row } from '../row.ts'

/** How long the app is left to itself once it is open, in milliseconds: what it does ahead is counted too. */
const REST = 6_000

const heapOfApp = ({ profile, url }: FilledDevice): Promise<number> =>
  inBrowser(profile, async (browser) => {
    await browser.page.goto(`${url}${BY_DATE}`)
    await wholeDex(browser)
    await browser.page.waitForTimeout(REST)
    return heapOf(browser)
  })

const heapOfRecords = (profile: string, url: string): Promise<number> =>
  inBrowser(profile, async (browser) => {
    await browser.page.goto(url)
    const held = await browser.page.evaluateHandle(readBareStore)
    const heap = await heapOf(browser)
    await held.dispose()
    return heap
  })

async function heaps(pairs: number): Promise<Samples> {
  const device = await filledDevice()
  const { pages, profile } = await fillBareStore()
  try {
    return await inTurns(
      pairs,
      () => heapOfApp(device),
      () => heapOfRecords(profile, pages.url),
    )
  } finally {
    await pages.close()
  }
}

export const heapOpen: Row = {
  id: 'M',
  what: 'Chromium: heap with 10,000 entries open, garbage collected, beside the bare records in an array',
  unit: 'MB',
  target: { words: '< 100 MB', met: (ours) => ours < 100 },
  run: heaps,
}
