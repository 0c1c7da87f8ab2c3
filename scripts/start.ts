import { enableCompileCache } from 'node:module'
import { join } from 'node:path'
import { buildWeb, isBuilt, webFolders } from './web-build.ts'

/**
 * `npm start`: builds the web app if that is due, then runs the server in this process. With --max-semi-space-size=8 (megabytes): left to
 * itself, V8 lets new objects take up to 100 MB before it looks which of them are gone, and a small machine has better uses for those.
 */
// A server that is started again finds what was compiled the first time.
enableCompileCache()

const root = join(import.meta.dirname, '..')

if (!(await isBuilt(webFolders(root)))) {
  console.log('Building the web app, once …')
  await buildWeb(root).catch((error: Error) => {
    console.error(error.message)
    process.exit(1)
  })
}
await import('@biologidex/server/main')
