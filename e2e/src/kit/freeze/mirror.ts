import { execFile } from 'node:child_process'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Owner } from '../owner.ts'
import type { Server } from '../server.ts'

const CLI = join(import.meta.dirname, '../../../../apps/cli/src/main.ts')

/** A home folder with a mirror's session, key and store, and the folder that it filled. */
export async function leaveMirror(home: string, server: Server, { account, token }: Owner): Promise<void> {
  const config = join(home, 'config', 'biologidex')
  await mkdir(config, { recursive: true, mode: 0o700 })
  // The session is put there, since a sign-in would tell the server the name of this machine.
  const session = { server: `http://127.0.0.1:${server.port}`, username: 'mara', account, token }
  await writeFile(join(config, 'session.json'), JSON.stringify(session), { mode: 0o600 })
  const env = { ...process.env, XDG_CONFIG_HOME: join(home, 'config'), XDG_STATE_HOME: join(home, 'state') }
  await promisify(execFile)(process.execPath, [CLI, 'mirror', join(home, 'dex')], { env })
}
