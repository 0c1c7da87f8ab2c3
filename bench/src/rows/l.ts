import { readFile } from 'node:fs/promises'
import { wholeDex } from '../chromium/app.ts'
import { servePages } from '../chromium/bare-pages.ts'
import { drawBareWall } from '../chromium/bare-wall.ts'
import { openBrowser } from '../chromium/browser.ts'
import { BY_DATE, filledDevice } from '../chromium/filled.ts'
import { flickThrough } from '../chromium/flick.ts'
import { picturesOfWall } from '../chromium/pictures.ts'
import { inTurns, type Samples } from '../pairs.ts'
import { folder } from '../places.ts'
import type { Row } from '../row.ts'

/** Each turn flicks through another part of the wall, so that its pictures have not been seen before. */
const placeOf = (turn: number): number => 0.05 + 0.09 * turn

async function flicking(pairs: number, slowdown: number): Promise<Samples> {
  const { profile, url } = await filledDevice()
  const pages = await servePages()
  const files = await picturesOfWall()
  for (const [n, file] of files.entries()) pages.put(`/picture/${n}`, 'image/webp', await readFile(file))
  const ours = await openBrowser(profile)
  const bare = await openBrowser(await folder('profile'))
  try {
    await ours.page.goto(`${url}${BY_DATE}`)
    await wholeDex(ours)
    await drawBareWall(bare.page, pages, files.length)
    return await inTurns(
      pairs,
      (turn) => flickThrough(ours, placeOf(turn), slowdown),
      (turn) => flickThrough(bare, placeOf(turn), slowdown),
    )
  } finally {
    await ours.close()
    await bare.close()
    await pages.close()
  }
}

const what = 'Chromium, flicking through 10,000 plates with pictures, beside a bare page with the same pictures: late frames'

export const flick: Row = {
  id: 'L',
  what,
  unit: '%',
  target: { words: '≤ 1 %', met: (ours) => ours <= 1 },
  run: (pairs) => flicking(pairs, 1),
}

export const flickSlowly: Row = {
  id: 'L 4×',
  what: `${what}, the processor slowed down 4 times`,
  unit: '%',
  target: { words: '≤ 5 %', met: (ours) => ours <= 5 },
  run: (pairs) => flicking(pairs, 4),
}
