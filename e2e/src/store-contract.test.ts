import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { build, type Rolldown } from 'vite'
import { expect, test } from 'vitest'
import { Device } from './kit/device.ts'
import { LONG } from './kit/long.ts'
import { findIn, ofText } from './kit/needles.ts'

/** The page's program in one piece. */
async function bundled(): Promise<string> {
  const entry = join(import.meta.dirname, 'kit/in-page/contracts.ts')
  const output = (await build({
    configFile: false,
    logLevel: 'error',
    build: { write: false, minify: false, target: 'esnext', lib: { entry, formats: ['es'], fileName: 'contracts' } },
  })) as Rolldown.RolldownOutput[]
  const [chunk] = output[0]?.output ?? []
  if (chunk?.type !== 'chunk') throw new Error('nothing was bundled')
  return chunk.code
}

interface ContractPage extends Window {
  readonly titles: string[]
  run(title: string): Promise<string | undefined>
  plant(words: string): Promise<void>
  uproot(): Promise<number>
}

/** A browser with a profile on a page that holds the program. */
async function opened() {
  const script = await bundled()
  const server = createServer(({ url }, answer) => {
    const isScript = url === '/contracts.js'
    answer.setHeader('content-type', isScript ? 'text/javascript' : 'text/html')
    answer.end(isScript ? script : '<!doctype html><title>Contracts</title><script type="module" src="/contracts.js"></script>')
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const device = await Device.open({ origin: `http://localhost:${(server.address() as AddressInfo).port}` }, { profile: true })
  const goto = async () => {
    await device.page.goto('/')
    await device.page.waitForFunction(() => 'titles' in window)
    return device.page
  }
  const discard = async () => {
    await device.discard()
    server.close()
  }
  return { device, goto, discard }
}

test('storage in a real browser keeps the contracts of the engine', async () => {
  const { goto, discard } = await opened()
  try {
    const page = await goto()
    const titles = await page.evaluate(() => (window as unknown as ContractPage).titles)
    expect(titles.length).toBeGreaterThan(20)
    const failures: string[] = []
    for (const title of titles) {
      const failure = await page.evaluate((one) => (window as unknown as ContractPage).run(one), title)
      if (failure) failures.push(`${title}: ${failure}`)
    }
    expect(failures).toEqual([])
  } finally {
    await discard()
  }
})

const WORDS = 'kingfisher under the old bridge at Weilbach'

// Of whole dexes, in the app itself, it is seen by withdrawal.test.ts.
test.runIf(LONG)(
  'a dex that goes leaves neither words nor pictures in the profile, even where nothing can be sealed (C1)',
  async () => {
    const { device, goto, discard } = await opened()
    const traces = async () => {
      await device.stop()
      return findIn(device.profile, [ofText('words', WORDS)])
    }
    const openAndLookAgain = async () => {
      await device.stop()
      await device.start()
      const page = await goto()
      await page.evaluate(async () => {
        const contracts = window as unknown as ContractPage
        await contracts.plant('what came later')
        await contracts.uproot()
      })
      await page.waitForTimeout(1_000)
      return traces()
    }
    try {
      await (await goto()).evaluate((words) => (window as unknown as ContractPage).plant(words), WORDS)
      expect((await traces()).length).toBeGreaterThan(0)
      await device.start()
      expect(await (await goto()).evaluate(() => (window as unknown as ContractPage).uproot())).toBe(30)
      // What Chromium has written to its files already it takes out of them once it opens its storage again, and at times
      // not before something else is written to it and deleted.
      await expect.poll(openAndLookAgain, { timeout: 60_000, interval: 500 }).toEqual([])
    } finally {
      await discard()
    }
  },
)
