import { enableCompileCache, flushCompileCache } from 'node:module'

// Journeys start a server some hundred times: what one has compiled the next need not.
enableCompileCache()
const [{ readConfig }, { start }] = await Promise.all([
  import('@biologidex/server/config'),
  import('@biologidex/server/server'),
])

/** A server as a program, settings as ever from the environment; WEB_ROOT may name another build of the web app. */
const { url } = await start(readConfig(process.env), process.env.WEB_ROOT ? { webRoot: process.env.WEB_ROOT } : {})
console.log(url)
// Now: most of them are killed.
flushCompileCache()
