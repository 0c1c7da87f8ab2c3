import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { build, type Rolldown } from 'vite'
import { expect, test } from 'vitest'
import { Device } from './kit/device.ts'

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
}

test('storage in a real browser keeps the contracts of the engine', async () => {
  const script = await bundled()
  const server = createServer(({ url }, answer) => {
    const isScript = url === '/contracts.js'
    answer.setHeader('content-type', isScript ? 'text/javascript' : 'text/html')
    answer.end(isScript ? script : '<!doctype html><title>Contracts</title><script type="module" src="/contracts.js"></script>')
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const device = await Device.open({ origin: `http://localhost:${(server.address() as AddressInfo).port}` }, { profile: true })
  try {
    const { page } = device
    await page.goto('/')
    await page.waitForFunction(() => 'titles' in window)
    const titles = await page.evaluate(() => (window as unknown as ContractPage).titles)
    expect(titles.length).toBeGreaterThan(20)
    const failures: string[] = []
    for (const title of titles) {
      const failure = await page.evaluate((one) => (window as unknown as ContractPage).run(one), title)
      if (failure) failures.push(`${title}: ${failure}`)
    }
    expect(failures).toEqual([])
  } finally {
    await device.discard()
    server.close()
  }
})
