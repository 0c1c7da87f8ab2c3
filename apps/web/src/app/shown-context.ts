import type { DexView } from '@biologidex/client/face'
import type { PersonView } from '@biologidex/core/friends/friend'
import { createContext } from 'react'
import type { Dex } from './session-store.ts'
import type { Watched } from './watched.ts'

/**
 * `opening`: it is looked up, or read from the store. `here`: it can be drawn. `unknown`: nobody has that name, or they
 * blocked each other: alike. `unreachable`: somebody who is no friend can be looked at only with a connection.
 */
export type OtherState = 'opening' | 'here' | 'unknown' | 'unreachable'

/** Somebody else's dex, as the address names it. */
export interface OtherDex {
  /** As the address has it. */
  readonly username: string
  readonly relation: 'friend' | 'stranger'
  readonly state: OtherState
  /** Known as soon as the name is. */
  readonly person: PersonView | undefined
  readonly watched: Watched<DexView, Dex> | undefined
  /** Reads more of a stranger's dex; undefined when all of it is here, or it is a friend's. */
  readonly more: (() => Promise<void>) | undefined
  /** Tries again what could not be reached. */
  readonly again: () => void
}

/** Whose dex is on screen; undefined: one's own. */
export const OtherDexContext = createContext<OtherDex | undefined>(undefined)
