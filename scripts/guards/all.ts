import { cliGuards } from './cli.ts'
import { clientGuards } from './client.ts'
import { coreGuards } from './core.ts'
import { entriesGuards } from './entries.ts'
import type { Guard } from './guard.ts'
import { imagesGuards } from './images.ts'
import { peopleGuards } from './people.ts'
import { serverGuards } from './server.ts'
import { storesGuards } from './stores.ts'
import { syncGuards } from './sync.ts'
import { v1Guards } from './v1.ts'
import { webGuards } from './web.ts'

/** All guards that `npm run test:guards` takes out, each in turn. */
export const GUARDS: readonly Guard[] = [
  ...cliGuards,
  ...clientGuards,
  ...coreGuards,
  ...entriesGuards,
  ...imagesGuards,
  ...peopleGuards,
  ...serverGuards,
  ...storesGuards,
  ...syncGuards,
  ...v1Guards,
  ...webGuards,
]
