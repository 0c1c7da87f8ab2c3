import { readConfig } from '@biologidex/server/config'
import { start } from '@biologidex/server/server'

/** The real server as a program, serving the build of the web app that WEB_ROOT names. */
const { url } = await start(readConfig(process.env), { webRoot: process.env.WEB_ROOT ?? '' })
console.log(url)
process.once('SIGTERM', () => process.exit())
