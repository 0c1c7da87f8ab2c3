import { RENDITIONS } from '@biologidex/core/images/image'
import sharp from 'sharp'
import { photograph } from '../fixture/photograph.ts'
import { inTurns, type Samples } from '../pairs.ts'
import { onTheWay } from '../photo-in.ts'
import { type Row, times } from '../row.ts'

const SEED = 8_128

/** Milliseconds in which sharp makes both renditions and nothing else is done. */
async function sharpAlone(original: Uint8Array): Promise<number> {
  const began = performance.now()
  for (const side of Object.values(RENDITIONS)) {
    await sharp(original).autoOrient().resize(side, side, { fit: 'inside' }).webp().toBuffer()
  }
  return performance.now() - began
}

function photoIn(pairs: number): Promise<Samples> {
  return onTheWay(({ photo }) =>
    inTurns(
      pairs,
      async (turn) => (await photo(await photograph(SEED + turn))).ms,
      async (turn) => sharpAlone(await photograph(SEED + turn)),
    ),
  )
}

function blocked(pairs: number): Promise<Samples> {
  return onTheWay(({ photo, idle }) =>
    inTurns(
      pairs,
      async (turn) => (await photo(await photograph(SEED + turn))).blocked,
      () => idle(),
    ),
  )
}

export const photoToPlate: Row = {
  id: 'O',
  what: 'A photo of 12 megapixels: upload acknowledged to its plate on another device; beside sharp alone',
  unit: 'ms',
  target: times(1.5),
  run: photoIn,
}

export const photoBlocks: Row = {
  id: 'O loop',
  what: "The same: the longest that the server's event loop stood still meanwhile; beside an idle server",
  unit: 'ms',
  target: { words: '≤ 50 ms', met: (ours) => ours <= 50 },
  run: blocked,
}
