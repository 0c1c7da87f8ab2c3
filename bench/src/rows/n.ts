import { readFile } from 'node:fs/promises'
import { wholeDex } from '../chromium/app.ts'
import { servePages } from '../chromium/bare-pages.ts'
import { openBrowser } from '../chromium/browser.ts'
import { BY_DATE, filledDevice } from '../chromium/filled.ts'
import { keepBarePictures, timesOfBare, timesOnWall } from '../chromium/picture-times.ts'
import { picturesOfWall } from '../chromium/pictures.ts'
import { inTurns, type Samples } from '../pairs.ts'
import { folder } from '../places.ts'
import type { Row } from '../row.ts'

const FEWEST = 80

/** The time that 95 of 100 do not exceed. */
function p95(times: readonly number[]): number {
  if (times.length < FEWEST) throw new Error(`only ${times.length} pictures were seen`)
  return [...times].sort((a, b) => a - b)[Math.ceil(times.length * 0.95) - 1] ?? Number.NaN
}

async function picturesFromCache(pairs: number): Promise<Samples> {
  const { profile, url } = await filledDevice()
  const pages = await servePages()
  const files = await picturesOfWall()
  for (const [n, file] of files.entries()) pages.put(`/picture/${n}`, 'image/webp', await readFile(file))
  const ours = await openBrowser(profile)
  const bare = await openBrowser(await folder('profile'))
  try {
    await ours.page.goto(`${url}${BY_DATE}`)
    await wholeDex(ours)
    await keepBarePictures(bare.page, pages.url, files.length)
    return await inTurns(
      pairs,
      async (turn) => p95(await timesOnWall(ours.page, 0.05 + 0.09 * turn)),
      async () => p95(await timesOfBare(bare.page, files.length)),
    )
  } finally {
    await ours.close()
    await bare.close()
    await pages.close()
  }
}

export const cachedPicture: Row = {
  id: 'N',
  what: 'Chromium, a picture from the local cache: from its plate’s coming to decoded, p95; bare: from IndexedDB to decoded',
  unit: 'ms',
  target: { words: '< 16 ms', met: (ours) => ours < 16 },
  run: picturesFromCache,
}
