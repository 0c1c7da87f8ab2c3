import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, expect } from 'vitest'
import { closeSharedBrowser, Device, type DeviceOptions } from './device.ts'
import { Photos } from './photos.ts'
import { Proxy } from './proxy.ts'
import { Server, type ServerOptions } from './server.ts'

const FAILURES = join(import.meta.dirname, '../../../.cache/shots/failures')

/** What a journey needs: servers, devices and photos. All of it is put away at the journey's end, whatever happened. */
export class Stage {
  photos!: Photos
  readonly #servers: Server[] = []
  readonly #proxies: Proxy[] = []
  readonly #devices: Device[] = []
  readonly #heard: string[] = []
  readonly #installs: boolean

  constructor({ installs = true }: Pick<DeviceOptions, 'installs'> = {}) {
    this.#installs = installs
  }

  async open(): Promise<void> {
    this.photos = await Photos.open()
  }

  async server(options: ServerOptions = {}): Promise<Server> {
    const server = await Server.open(options)
    this.#servers.push(server)
    return server
  }

  async proxy(server: Server): Promise<Proxy> {
    const proxy = await Proxy.open(server)
    this.#proxies.push(proxy)
    return proxy
  }

  async device(server: { readonly origin: string }, options: DeviceOptions = {}): Promise<Device> {
    const device = await Device.open(server, { installs: this.#installs, ...options })
    this.#devices.push(device)
    return device
  }

  /** What the journey's pages complained of that it did not expect. */
  complaints(): string[] {
    return [...this.#heard, ...this.#devices.flatMap(({ complaints }) => complaints.unexpected)]
  }

  async shoot(name: string): Promise<void> {
    await mkdir(FAILURES, { recursive: true })
    const open = this.#devices.flatMap((device) => (device.isOpen ? [device.page] : []))
    for (const [i, page] of open.entries()) {
      await page.screenshot({ path: join(FAILURES, `${name}-${i + 1}.png`) })
      // Where only the output is kept, the words on the page tell most of what the picture would.
      const words = await page.evaluate(() => document.body.innerText.replaceAll(/\s+/g, ' ').slice(0, 800))
      process.stdout.write(`${name}, page ${i + 1}, ${new URL(page.url()).pathname}: ${words}\n`)
    }
  }

  /** Puts away all devices and servers so far; what they complained of is remembered. */
  async clear(): Promise<void> {
    for (const { complaints } of this.#devices) this.#heard.push(...complaints.unexpected)
    await Promise.all(this.#devices.splice(0).map((device) => device.discard()))
    for (const proxy of this.#proxies.splice(0)) await proxy.close()
    for (const server of this.#servers.splice(0)) await server.close()
  }

  async close(): Promise<void> {
    await this.clear()
    await closeSharedBrowser()
    await this.photos.remove()
  }
}

/**
 * The stage of a test file's journey. A failing test leaves pictures of all open pages in .cache/shots/failures. The file
 * fails, too, when a page complained in its console of something that the journey did not expect, the content policy included.
 * `perTest`: each test opens servers and devices of its own, and they are put away after it. `installs`: of its devices, where they do not say.
 */
export function useStage({ perTest = false, installs = true } = {}): Stage {
  const stage = new Stage({ installs })
  beforeAll(() => stage.open())
  afterEach(async ({ task }) => {
    if (task.result?.state === 'fail') await stage.shoot(task.name.replaceAll(/\W+/g, '-').slice(0, 60))
    if (perTest) await stage.clear()
  })
  afterAll(async () => {
    const complaints = stage.complaints()
    await stage.close()
    expect(complaints).toEqual([])
  })
  return stage
}
