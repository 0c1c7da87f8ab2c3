import type { Db } from '@biologidex/server/db/db'
import { createLog } from '@biologidex/server/http/log'
import { createJobQueue } from '@biologidex/server/jobs/queue'
import { seedAnimals } from '@biologidex/server/slices/animals/animals.seed'
import { Nudges } from '@biologidex/server/slices/sync/nudges'

declare module 'vitest' {
  interface ProvidedContext {
    /** Where fresh databases are asked for: database-desk.ts. */
    databaseDesk: string
  }
}

/** What a fresh database holds: today's schema alone, or the starter list of animals too, as after a server's first start. */
export type Content = 'schema' | 'starter-list'

/** Fills a database that has just been opened, and closes it. */
export async function fill(db: Db, content: Content): Promise<void> {
  if (content === 'starter-list') await seedAnimals({ db, nudges: new Nudges(), jobs: createJobQueue(db, createLog('error')) })
  await db.close()
}
