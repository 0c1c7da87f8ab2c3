import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { createServer } from 'vite'

/**
 * `npm run dev`: the server, started anew when its sources change, and in front of it the web app's development server,
 * which reloads the page by itself.
 */
const root = join(import.meta.dirname, '..')
const port = process.env.PORT || '4700'
process.env.BIOLOGIDEX_API ??= `http://127.0.0.1:${port}`

const server = spawn(process.execPath, ['--watch', '--watch-preserve-output', join(root, 'apps/server/src/main.ts')], {
  stdio: 'inherit',
  env: { ...process.env, PORT: port },
})

const web = await createServer({ root: join(root, 'apps/web') })
await web.listen()
web.printUrls()

const stop = () => {
  server.kill()
  void web.close().finally(() => process.exit(0))
}
process.on('SIGINT', stop)
process.on('SIGTERM', stop)
