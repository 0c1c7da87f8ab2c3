import type { Page } from 'playwright-core'

/** Names of all databases of the page's origin. */
export async function databasesOf(page: Page): Promise<string[]> {
  const all = await page.evaluate(() => indexedDB.databases())
  return all.flatMap(({ name }) => (name ? [name] : [])).sort()
}
