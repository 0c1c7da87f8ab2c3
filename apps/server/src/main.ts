import { type Config, readConfig } from './config.ts'
import { type RunningServer, StartError, start } from './server.ts'

/** The log is for machines; who runs the server at home reads one line. */
const quietAtHome = (env: NodeJS.ProcessEnv): NodeJS.ProcessEnv =>
  env.NODE_ENV === 'production' ? env : { ...env, LOG_LEVEL: env.LOG_LEVEL || 'warn' }

function giveUp(words: unknown): never {
  console.error(words)
  process.exit(1)
}

function settings(): Config {
  try {
    return readConfig(quietAtHome(process.env))
  } catch (error) {
    return giveUp(error instanceof Error ? error.message : error)
  }
}

function closeOnSignals(server: RunningServer): void {
  let asked = false
  const close = () => {
    if (asked) process.exit(1)
    asked = true
    server.close().then(() => process.exit(0), giveUp)
  }
  process.on('SIGTERM', close)
  process.on('SIGINT', close)
}

/** The address as people type it. */
const friendly = (url: string): string => url.replace(/\/\/(127\.0\.0\.1|0\.0\.0\.0|\[::1?\])/, '//localhost')

const config = settings()
try {
  const server = await start(config)
  closeOnSignals(server)
  console.log(`${config.serverName} is open at ${config.publicOrigin ?? friendly(server.url)}`)
} catch (error) {
  giveUp(error instanceof StartError ? error.message : error)
}
