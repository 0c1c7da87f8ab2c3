import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { syncRoutes } from '@biologidex/core/sync/wire'
import { contentOf } from '../bare/lines.ts'
import type { OwnDex } from '../fixture/own.ts'
import { inTurns, type Samples } from '../pairs.ts'
import { folder } from '../places.ts'
import type { Server } from '../processes.ts'
import { signIn, startApp, wholeDex } from './app.ts'
import { type BarePages, servePages } from './bare-pages.ts'
import { type Browser, inBrowser } from './browser.ts'
import { picturedDex } from './pictures.ts'

/** Milliseconds after the first byte: first plates painted, everything stored. */
interface Arrival {
  readonly plates: number
  readonly stored: number
}

/** What writes of a feed come after the wall is whole: the catalogue's last. */
const SETTLING = 2_000

/** Signs in on a fresh device and lets the dex arrive. */
async function ours(server: Server): Promise<Arrival> {
  return inBrowser(await folder('profile'), async (browser) => {
    await signIn(browser, server.url)
    await wholeDex(browser)
    await browser.page.waitForTimeout(SETTLING)
    return browser.page.evaluate(() => {
      const all = performance.getEntriesByType('resource') as PerformanceResourceTiming[]
      const first = all.find(({ name }) => name.endsWith('/sync/pull'))?.responseStart ?? Number.NaN
      const { plates = Number.NaN, stored = Number.NaN } = window.probe
      return { plates: plates - first, stored: stored - first }
    })
  })
}

/** Draws the first records as plain boxes as soon as they are read; then the same records, parsed before, go into Dexie. */
function bareArrival({ page }: Browser): Promise<Arrival> {
  return page.evaluate(async () => {
    const SCREENFUL = 12
    const drawn = async (items: readonly object[]): Promise<void> => {
      for (const item of items.slice(0, SCREENFUL)) {
        const box = document.createElement('div')
        box.textContent = JSON.stringify(item).slice(0, 100)
        document.body.append(box)
      }
      await new Promise((resolve) => requestAnimationFrame(resolve))
      await new Promise((resolve) => setTimeout(resolve))
    }
    const { Dexie } = (await import(`${location.origin}/dexie.mjs`)) as typeof import('dexie')
    const db = new Dexie('bare')
    db.version(1).stores({ items: 'id' })
    await db.open()
    const reader = (await fetch('/records')).body?.getReader()
    const decoder = new TextDecoder()
    let text = ''
    let first = 0
    let plates = 0
    for (let piece = await reader?.read(); piece && !piece.done; piece = await reader?.read()) {
      first ||= performance.now()
      text += decoder.decode(piece.value, { stream: true })
      if (plates > 0) continue
      const whole = text.split('\n').slice(0, -1)
      if (whole.length < SCREENFUL) continue
      await drawn(whole.map((line) => JSON.parse(line) as object))
      plates = performance.now() - first
    }
    const records = text.split('\n').map((line) => JSON.parse(line) as object)
    const began = performance.now()
    await db.table('items').bulkPut(records)
    return { plates, stored: performance.now() - began }
  })
}

const bare = async (pages: BarePages): Promise<Arrival> =>
  inBrowser(await folder('profile'), async (browser) => {
    await browser.page.goto(pages.url)
    return bareArrival(browser)
  })

/** The records that a first pull of the server brings, one a line. */
export async function pulledRecords(server: Server, { account, token }: OwnDex): Promise<string> {
  const answer = await fetch(`${server.url}${syncRoutes.pull.path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: JSON.stringify({ account, cursors: {} }),
  })
  const file = join(await folder('pulled'), 'pull.answer')
  await writeFile(file, await answer.text())
  return (await contentOf(file)).records.join('\n')
}

async function measure(pairs: number): Promise<Record<keyof Arrival, Samples>> {
  const server = await startApp()
  const pages = await servePages()
  const arrivals = { ours: [] as Arrival[], bare: [] as Arrival[] }
  const noted = async (side: 'ours' | 'bare', arrival: Promise<Arrival>): Promise<number> => {
    arrivals[side].push(await arrival)
    return 0
  }
  try {
    pages.put('/records', 'application/x-ndjson', await pulledRecords(server, await picturedDex()))
    await inTurns(
      pairs,
      () => noted('ours', ours(server)),
      () => noted('bare', bare(pages)),
    )
  } finally {
    await server.stop()
    await pages.close()
  }
  const of = (key: keyof Arrival): Samples => ({
    ours: arrivals.ours.slice(1).map((arrival) => arrival[key]),
    bare: arrivals.bare.slice(1).map((arrival) => arrival[key]),
  })
  return { plates: of('plates'), stored: of('stored') }
}

let measuring: Promise<Record<keyof Arrival, Samples>> | undefined

/** First syncs in a browser, measured once in a run for both rows that tell of them. */
export async function firstSyncs(pairs: number, key: keyof Arrival): Promise<Samples> {
  measuring ??= measure(pairs)
  return (await measuring)[key]
}
