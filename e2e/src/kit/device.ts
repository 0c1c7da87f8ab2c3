import { existsSync } from 'node:fs'
import { mkdtemp, readlink, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core'
import { Complaints } from './complaints.ts'

const BROWSERS = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']
const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  // Pages live too briefly for code to be optimized, and no card draws them: both would only take from the journeys' time.
  '--js-flags=--no-maglev --no-turbofan',
  '--in-process-gpu',
]

const SIZES = {
  phone: { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true },
  desktop: { viewport: { width: 1440, height: 900 } },
} as const
export type Size = keyof typeof SIZES

function browserPath(): string {
  const path = [process.env.CHROMIUM ?? '', ...BROWSERS].find((one) => one && existsSync(one))
  if (!path) throw new Error('No Chromium here. Install it, or name it in CHROMIUM.')
  return path
}

/** In a page: the installation of the app is begun and goes on for ever, as on a very slow line. */
function neverInstall(): void {
  if ('serviceWorker' in navigator) navigator.serviceWorker.register = () => new Promise(() => {})
}

/** The same browser without the window around its pages, where it is installed: it takes a quarter less of the machine. */
const SHELL = '/usr/bin/chromium-headless-shell'

export interface DeviceOptions {
  readonly size?: Size
  readonly dark?: boolean
  /** Pixels of the screen for one of CSS; 1 unless said otherwise. */
  readonly scale?: number
  /** The name by which the browser knows the server; localhost with its port unless said otherwise. Needs a profile. */
  readonly host?: string
  /**
   * Whether the app installs itself, to open without a server; it does, unless said otherwise. Fetching and keeping every file of it
   * takes a core more than a second: a device that is not without a network, and is not what a journey is about, can do without.
   */
  readonly installs?: boolean
  /**
   * Whether it is a browser of its own, with a profile on disk: what is closed, killed, opened again or looked through needs that. A
   * folder: a profile to begin with; the device's own from then on.
   */
  readonly profile?: boolean | string
}

/** The browser whose contexts are the devices without a profile of their own: starting a browser for each takes longer than most journeys. */
let shared: Promise<Browser> | undefined

/** Closes what devices without a profile had in common. */
export async function closeSharedBrowser(): Promise<void> {
  const browser = await shared
  shared = undefined
  await browser?.close()
}

/** Somebody's phone or computer: storage of its own, and with a profile it stays when the browser is closed or killed. */
export class Device {
  readonly origin: string
  readonly complaints = new Complaints()
  readonly #profile: string | undefined
  readonly #options: DeviceOptions
  /** Where the server is, whatever its name. */
  readonly #server: string
  #context: BrowserContext | undefined
  #page: Page | undefined

  private constructor(origin: string, profile: string | undefined, options: DeviceOptions) {
    this.origin = options.host ? `http://${options.host}` : origin
    this.#server = origin
    this.#profile = profile
    this.#options = options
  }

  /** A new device, its browser open on an empty page. */
  static async open(server: { readonly origin: string }, options: DeviceOptions = {}): Promise<Device> {
    const profile =
      options.profile === true ? await mkdtemp(join(tmpdir(), 'biologidex-profile-')) : options.profile || undefined
    const device = new Device(server.origin, profile, options)
    await device.start()
    return device
  }

  /** The folder of its profile. */
  get profile(): string {
    if (!this.#profile) throw new Error('this device has no profile: open it with { profile: true }')
    return this.#profile
  }

  get isOpen(): boolean {
    return this.#page !== undefined
  }

  get page(): Page {
    if (!this.#page) throw new Error('the browser of this device is closed')
    return this.#page
  }

  get context(): BrowserContext {
    if (!this.#context) throw new Error('the browser of this device is closed')
    return this.#context
  }

  /** Opens the browser, on its profile as it was left. */
  async start(): Promise<void> {
    const { size = 'phone', dark = false, scale = 1, host, installs = true } = this.#options
    const names = host ? [`--host-resolver-rules=MAP ${host}:80 127.0.0.1:${new URL(this.#server).port}`] : []
    const launch = { executablePath: browserPath(), headless: true, args: [...FLAGS, ...names] }
    const options = {
      ...SIZES[size],
      colorScheme: dark ? 'dark' : 'light',
      deviceScaleFactor: scale,
      reducedMotion: 'reduce',
      locale: 'en-GB',
      timezoneId: 'Europe/Berlin',
      baseURL: this.origin,
    } as const
    if (this.#profile) this.#context = await chromium.launchPersistentContext(this.#profile, { ...launch, ...options })
    else {
      shared ??= chromium.launch({ ...launch, executablePath: existsSync(SHELL) ? SHELL : browserPath() })
      this.#context = await (await shared).newContext(options)
    }
    this.#context.setDefaultTimeout(15_000)
    if (!installs) await this.#context.addInitScript(neverInstall)
    this.complaints.listen(this.#context)
    this.#page = this.#context.pages()[0] ?? (await this.#context.newPage())
  }

  /** Closes the browser, as people do; what is to be started again needs a profile. */
  async stop(): Promise<void> {
    await this.#context?.close()
    this.#context = undefined
    this.#page = undefined
  }

  /** SIGKILL to the browser: nothing is finished, nothing is flushed. */
  async kill(): Promise<void> {
    const lock = await readlink(join(this.profile, 'SingletonLock'))
    const gone = new Promise((resolve) => this.context.once('close', resolve))
    process.kill(Number(lock.slice(lock.lastIndexOf('-') + 1)), 'SIGKILL')
    await gone
    this.#context = undefined
    this.#page = undefined
    // A browser that was killed leaves its mark on the profile, and the next one would refuse it.
    for (const name of ['SingletonLock', 'SingletonCookie', 'SingletonSocket'])
      await rm(join(this.profile, name), { force: true })
  }

  /** One more tab of the same browser. */
  async newTab(path = '/'): Promise<Page> {
    const page = await this.context.newPage()
    await page.goto(path)
    return page
  }

  /** Cuts the network, or gives it back. */
  async offline(isOffline: boolean): Promise<void> {
    if (isOffline) this.complaints.expectNoAnswer()
    await this.context.setOffline(isOffline)
  }

  /** Resolves when the app shell is installed: from then on the app opens without a server. */
  async shellInstalled(): Promise<void> {
    await this.page.evaluate(async () => {
      await navigator.serviceWorker.ready
    })
  }

  /** Closes it for good, and forgets its profile. */
  async discard(): Promise<void> {
    await this.stop()
    if (this.#profile) await rm(this.#profile, { recursive: true, force: true, maxRetries: 5 })
  }
}
