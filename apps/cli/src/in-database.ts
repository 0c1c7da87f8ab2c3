import { readConfig } from '@biologidex/server/config'
import { type Host, NoServerHere, openHost } from '@biologidex/server/host'
import { Refused } from './refused.ts'

/** The server that the environment names. @throws Refused in words for the host */
export function settings() {
  try {
    return readConfig(process.env)
  } catch (error) {
    throw new Refused(error instanceof Error ? error.message : String(error), error)
  }
}

/** Works in the database of that server (DATA_DIR or DATABASE_URL). @throws Refused when there is none */
export async function inDatabase<Result>(work: (host: Host) => Promise<Result>): Promise<Result> {
  const host = await openHost(settings()).catch((error: unknown) => {
    throw error instanceof NoServerHere ? new Refused(error.message, error) : error
  })
  try {
    return await work(host)
  } finally {
    await host.close()
  }
}
