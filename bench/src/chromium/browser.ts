import { type BrowserContext, type CDPSession, chromium, type Page } from 'playwright-core'
import { CHROMIUM } from '../machine.ts'
import { probe } from './probe.ts'

const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]
/** A phone's screen, one pixel for one of CSS: without a graphics card every pixel is drawn by the processor. */
const PHONE = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true, deviceScaleFactor: 1 }

/** A Chromium of its own process, on a profile's folder, with one page that notes what `Probe` says. */
export interface Browser {
  readonly context: BrowserContext
  readonly page: Page
  /** The browser's own tools for the page. */
  readonly tools: CDPSession
  close(): Promise<void>
}

export async function openBrowser(profile: string): Promise<Browser> {
  const options = { ...PHONE, executablePath: CHROMIUM, headless: true, args: FLAGS, locale: 'en-GB' }
  const context = await chromium.launchPersistentContext(profile, options)
  await context.addInitScript(probe)
  const page = context.pages()[0] ?? (await context.newPage())
  return { context, page, tools: await context.newCDPSession(page), close: () => context.close() }
}

/** Opens a browser for one piece of work. */
export async function inBrowser<T>(profile: string, work: (browser: Browser) => Promise<T>): Promise<T> {
  const browser = await openBrowser(profile)
  try {
    return await work(browser)
  } finally {
    await browser.close()
  }
}
