import { type DestinationStream, type Logger, pino } from 'pino'
import type { Config } from '../config.ts'

const SECRETS = ['authorization', 'cookie', '["set-cookie"]', 'token', 'password']

/**
 * The server's log: lines of JSON. What opens an account is taken out wherever a line carries it; titles, names and
 * places are never given to it (privacy.md).
 * @param destination standard output by default
 */
export function createLog(level: Config['logLevel'], destination?: DestinationStream): Logger {
  const below = (name: string) => (name.startsWith('[') ? `*${name}` : `*.${name}`)
  const deeper = (name: string) => (name.startsWith('[') ? `*.headers${name}` : `*.headers.${name}`)
  const paths = SECRETS.flatMap((name) => [name, below(name), deeper(name)])
  const options = { level, redact: { paths, remove: true }, base: undefined }
  return destination ? pino(options, destination) : pino(options)
}
