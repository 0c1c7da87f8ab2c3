import { readConfig } from '@biologidex/server/config'
import { start } from '@biologidex/server/server'

/** A server as a program, settings as ever from the environment; WEB_ROOT may name another build of the web app. */
const { url } = await start(readConfig(process.env), process.env.WEB_ROOT ? { webRoot: process.env.WEB_ROOT } : {})
console.log(url)
