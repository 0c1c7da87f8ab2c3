import { folder } from '../places.ts'
import { startApp } from './app.ts'
import { type BarePages, servePages } from './bare-pages.ts'
import { inBrowser } from './browser.ts'
import { pulledRecords } from './first-sync.ts'
import { picturedDex } from './pictures.ts'

/** A bare page, and a profile whose IndexedDB holds the dex and the catalogue, a row for each record. */
export interface BareStore {
  readonly pages: BarePages
  readonly profile: string
}

export async function fillBareStore(): Promise<BareStore> {
  const server = await startApp()
  const pages = await servePages()
  const profile = await folder('bare-filled')
  try {
    pages.put('/records', 'application/x-ndjson', await pulledRecords(server, await picturedDex()))
  } finally {
    await server.stop()
  }
  await inBrowser(profile, async ({ page }) => {
    await page.goto(pages.url)
    await page.evaluate(async () => {
      const { Dexie } = (await import(`${location.origin}/dexie.mjs`)) as typeof import('dexie')
      const db = new Dexie('bare')
      db.version(1).stores({ items: 'id' })
      const text = await (await fetch('/records')).text()
      await db.table('items').bulkPut(text.split('\n').map((line) => JSON.parse(line) as object))
      db.close()
    })
  })
  return { pages, profile }
}

/** Runs in a page: every record of the bare store. */
export async function readBareStore(): Promise<readonly unknown[]> {
  const settled = <T>(request: IDBRequest<T>): Promise<T> =>
    new Promise((resolve, reject) => {
      request.onsuccess = () => resolve(request.result)
      request.onerror = () => reject(request.error)
    })
  const db = await settled(indexedDB.open('bare'))
  return settled(db.transaction('items').objectStore('items').getAll())
}
