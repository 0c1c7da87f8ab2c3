import { join } from 'node:path'
import { buildWeb, isBuilt, webFolders } from '../../../scripts/web-build.ts'
import { USER } from '../fixture/own.ts'
import { once } from '../once.ts'
import { copyOf, ROOT } from '../places.ts'
import { type Server, startServer } from '../processes.ts'
import type { Browser } from './browser.ts'
import { picturedDex } from './pictures.ts'

/** The built app as it is now, apart from the checkout: a build under way would change it between two measurements. */
const builtApp = once(async (): Promise<string> => {
  if (process.env.WEB_ROOT) return process.env.WEB_ROOT
  const folders = webFolders(ROOT)
  if (!(await isBuilt(folders))) await buildWeb(ROOT)
  return copyOf(folders.dist, 'app')
})

/** The real server with the real app, on a copy of a data folder. */
export async function startAppOn(dataDir: string): Promise<Server> {
  const env = { WEB_ROOT: await builtApp() }
  return startServer(await copyOf(dataDir, 'data'), env, join(import.meta.dirname, 'server.ts'))
}

/** The same on the dex with pictures. */
export const startApp = async (): Promise<Server> => startAppOn((await picturedDex()).dataDir)

/** How long a person takes to type name and password, in milliseconds: the app gets its shell installed meanwhile. */
const TYPING = 6_000

/** Signs in as people do. */
export async function signIn({ page }: Browser, url: string, { username, password } = USER): Promise<void> {
  await page.goto(`${url}/sign-in`)
  await page.waitForTimeout(TYPING)
  await page.getByLabel('User name').fill(username)
  await page.getByLabel('Password', { exact: true }).fill(password)
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
}

/** Milliseconds between two looks at the page: at each frame they would take from what is measured. */
const LOOK = 250

/** Resolves when the whole dex is on the device and on screen. */
export async function wholeDex({ page }: Browser): Promise<void> {
  const isHere = () => document.body.textContent?.includes('10,000 sightings')
  await page.waitForFunction(isHere, undefined, { polling: LOOK, timeout: 60_000 })
}
