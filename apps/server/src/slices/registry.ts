import type { FastifyInstance } from 'fastify'
import type { Context } from '../context.ts'
import { registerAccountsRoutes } from './accounts/accounts.routes.ts'
import { registerDeletionJobs } from './accounts/deletion.service.ts'
import { registerProfileRoutes } from './accounts/profile.routes.ts'
import { registerSecurityRoutes } from './accounts/security.routes.ts'
import { seedAnimals } from './animals/animals.seed.ts'
import { registerEntryJobs, registerEntryRoutes } from './entries/entries.routes.ts'
import { registerFriendRoutes } from './friends/friends.routes.ts'
import { registerImageJobs, registerImageRoutes } from './images/images.routes.ts'
import { registerSyncJobs, registerSyncRoutes } from './sync/sync.routes.ts'
import { prepareV1, registerV1Routes } from './v1/v1.routes.ts'

/** What every slice has to have in place before requests come and jobs run. */
export async function prepareSlices(ctx: Context): Promise<void> {
  await seedAnimals(ctx)
  registerEntryJobs(ctx)
  registerImageJobs(ctx)
  prepareV1(ctx)
  await registerSyncJobs(ctx)
  await registerDeletionJobs(ctx)
}

/** Puts every slice's routes on the server. */
export function registerSlices(app: FastifyInstance, ctx: Context): void {
  registerAccountsRoutes(app, ctx)
  registerSecurityRoutes(app, ctx)
  registerProfileRoutes(app, ctx)
  registerFriendRoutes(app, ctx)
  registerEntryRoutes(app, ctx)
  registerImageRoutes(app, ctx)
  registerSyncRoutes(app, ctx)
  registerV1Routes(app, ctx)
}
