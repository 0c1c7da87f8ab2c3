import type { Row } from '../row.ts'
import { firstCirclePlain, firstCircleZstd, firstSyncPlain, firstSyncZstd } from './a.ts'
import { unchangedCircle, unchangedCircleFetch, unchangedOpening, unchangedOpeningFetch, unchangedWarm } from './b.ts'
import { tenChanged, tenChangedFetch } from './c.ts'
import { hundredEdits, hundredEditsFetch } from './f.ts'
import { unchangedAnswer, unchangedCirclePulls, unchangedPulls, unmovedCirclePulls, unmovedPulls } from './g.ts'
import { clientMemory, serverMemory } from './h.ts'
import { friendsEdit } from './i.ts'
import { firstPlates, firstSyncInBrowser } from './j.ts'
import { openingOffline } from './k.ts'
import { flick, flickSlowly } from './l.ts'
import { heapOpen } from './m.ts'
import { cachedPicture } from './n.ts'
import { photoBlocks, photoToPlate } from './o.ts'
import { friendsDex, hundredWithPictures, secondVisit } from './older.ts'
import { usersAtWork } from './p.ts'
import { v1Batch, v1Full, v1FullScaled, v1Overview, v1Unchanged } from './v1.ts'
import { v1Memory } from './v1-memory.ts'
import { placesNarrowed, speciesVulnerable } from './w.ts'

/** Every row, in the order of the page. */
export const ROWS: readonly Row[] = [
  firstSyncPlain,
  firstSyncZstd,
  unchangedOpening,
  unchangedOpeningFetch,
  unchangedWarm,
  tenChanged,
  tenChangedFetch,
  firstCirclePlain,
  firstCircleZstd,
  unchangedCircle,
  unchangedCircleFetch,
  unchangedAnswer,
  hundredEdits,
  hundredEditsFetch,
  unchangedPulls,
  unmovedPulls,
  unchangedCirclePulls,
  unmovedCirclePulls,
  serverMemory,
  clientMemory,
  friendsEdit,
  firstSyncInBrowser,
  firstPlates,
  openingOffline,
  flick,
  flickSlowly,
  heapOpen,
  cachedPicture,
  photoToPlate,
  photoBlocks,
  speciesVulnerable,
  placesNarrowed,
  hundredWithPictures,
  friendsDex,
  secondVisit,
  usersAtWork,
  v1Full,
  v1FullScaled,
  v1Unchanged,
  v1Batch,
  v1Overview,
  v1Memory,
]
