import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { WEB_ROOT } from '@biologidex/server/http/web-app'
import { buildWeb } from '../../../scripts/web-build.ts'

/** The journeys run on the app as it is built; a checkout that has no build yet gets one. */
export default async function webIsBuilt(): Promise<void> {
  if (existsSync(join(process.env.WEB_ROOT ?? WEB_ROOT, 'index.html'))) return
  await buildWeb(join(import.meta.dirname, '../../..'))
}
