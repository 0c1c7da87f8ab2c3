import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Page } from 'playwright-core'

/** Names of all databases of the page's origin. */
export async function databasesOf(page: Page): Promise<string[]> {
  const all = await page.evaluate(() => indexedDB.databases())
  return all.flatMap(({ name }) => (name ? [name] : [])).sort()
}

/** The files of a browser's profile in which a text can be found, as it is or as browsers write it in UTF-16. */
export async function tracesIn(profile: string, text: string): Promise<string[]> {
  const found: string[] = []
  for (const file of await readdir(profile, { withFileTypes: true, recursive: true })) {
    if (!file.isFile()) continue
    const path = join(file.parentPath, file.name)
    const bytes = await readFile(path)
    if (bytes.includes(text) || bytes.includes(Buffer.from(text, 'utf16le'))) found.push(path.slice(profile.length + 1))
  }
  return found
}
