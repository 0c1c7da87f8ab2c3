import { friendVisits } from '../chromium/friend-visit.ts'
import { demoOfTwo } from '../fixture/demo.ts'
import { bareWithPictures, dexWithPictures } from '../hundred-pictures.ts'
import { inTurns, type Samples } from '../pairs.ts'
import { copyOf } from '../places.ts'
import { startServer } from '../processes.ts'
import type { Row } from '../row.ts'

async function hundred(pairs: number): Promise<Samples> {
  const { dataDir, own } = await demoOfTwo()
  const server = await startServer(await copyOf(dataDir, 'data'))
  try {
    const { pictures } = await dexWithPictures(server.url, own)
    return await inTurns(
      pairs,
      async () => (await dexWithPictures(server.url, own)).ms,
      () => bareWithPictures(server.url, own, pictures),
    )
  } finally {
    await server.stop()
  }
}

export const hundredWithPictures: Row = {
  id: 'older 100',
  what: 'An older target: 100 entries with their pictures on a new device, all on disk; bare: the same bytes with fetch',
  unit: 'ms',
  target: { words: '< 5,000 ms', met: (ours) => ours < 5_000 },
  run: hundred,
}

export const friendsDex: Row = {
  id: 'older friend',
  what: 'An older target: Chromium, navigation to a friend’s dex, never looked at, to all plates in sight with pictures; bare: eight of them',
  unit: 'ms',
  target: { words: '< 2,000 ms', met: (ours) => ours < 2_000 },
  run: (pairs) => friendVisits(pairs, 'first'),
}

export const secondVisit: Row = {
  id: 'older hits',
  what: 'An older target: pictures of a friend’s dex that a second visit finds on the device; bare: all',
  unit: '%',
  target: { words: '> 80 %', met: (ours) => ours > 80 },
  run: (pairs) => friendVisits(pairs, 'hits'),
}
