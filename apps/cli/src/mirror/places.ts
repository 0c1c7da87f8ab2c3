import { homedir } from 'node:os'
import { isAbsolute, join } from 'node:path'

/** Where the mirror keeps what is its own, apart from the folder that it fills. */
export interface Places {
  /** The session: whose dex, where. Mode 0600, in a folder of 0700. */
  readonly session: string
  /** The key that seals the store. Beside the session, never beside the store. */
  readonly key: string
  /** The engine's store, sealed. */
  readonly store: string
  readonly lock: string
}

/** A folder that the environment names, as the XDG base directories say: one that is not absolute counts as none. */
function base(named: string | undefined, otherwise: string): string {
  return join(named && isAbsolute(named) ? named : join(homedir(), otherwise), 'biologidex')
}

export function placesOf(env: NodeJS.ProcessEnv): Places {
  const config = base(env.XDG_CONFIG_HOME, '.config')
  const state = base(env.XDG_STATE_HOME, '.local/state')
  return {
    session: join(config, 'session.json'),
    key: join(config, 'key'),
    store: join(state, 'store'),
    lock: join(state, 'mirror.lock'),
  }
}
