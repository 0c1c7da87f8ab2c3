import { foldUsername } from '../accounts/fold-username.ts'
import type { OldDex } from './old-dex.ts'

/** Whose import it is. */
export interface Importer {
  readonly account: string
  readonly username: string
}

/**
 * Paths of the lists that are the importer's own, as far as they say: by the account's id, by the user name, or because they name nobody, as
 * v1 did. Where no other does, a single list that names nobody but an id is taken to be theirs too. Of several such lists one is the own and
 * the others are friends', and only a person can tell which.
 */
export function guessOwn(dexes: readonly OldDex[], { account, username }: Importer): Set<string> {
  const me = foldUsername(username)
  const isMe = (name: string | undefined): boolean => name !== undefined && foldUsername(name) === me
  const isForeign = ({ owner }: OldDex): boolean => owner !== undefined && !isMe(owner)
  const says = dexes.filter((dex) => dex.user === account || isMe(dex.owner) || (dex.user === 'self' && !isForeign(dex)))
  const nobodys = dexes.filter((dex) => dex.user === undefined && !isForeign(dex))
  const named = dexes.filter((dex) => dex.user !== undefined)
  const only = named.length === 1 && says.every((dex) => dex.user === undefined) ? named.filter((dex) => !isForeign(dex)) : []
  return new Set([...says, ...nobodys, ...only].map(({ path }) => path))
}
