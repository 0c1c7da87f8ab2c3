import { existsSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { readConfig } from '@biologidex/server/config'
import { WEB_ROOT } from '@biologidex/server/http/web-app'
import { start } from '@biologidex/server/server'
import { buildWeb } from '../../../scripts/web-build.ts'
import { FIRST_START } from './server.ts'

/** A server that was started once, for the journeys' servers to begin from: bringing the catalogue in takes each as long as it starts. */
async function startOnce(): Promise<void> {
  await rm(FIRST_START, { recursive: true, force: true })
  const server = await start(readConfig({ DATA_DIR: FIRST_START, PORT: '0', LOG_LEVEL: 'error' }))
  await server.close()
}

/** The journeys run on the app as it is built; a checkout that has no build yet gets one. */
export default async function makeReady(): Promise<void> {
  if (!existsSync(join(process.env.WEB_ROOT ?? WEB_ROOT, 'index.html'))) await buildWeb(join(import.meta.dirname, '../../..'))
  await startOnce()
}
