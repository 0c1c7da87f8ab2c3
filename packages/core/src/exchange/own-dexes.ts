import { foldUsername } from '../accounts/account.ts'
import type { OldDex } from './old-dex.ts'

/** Whose import it is. */
export interface Importer {
  readonly account: string
  readonly username: string
}

/** The lists of an older device that can be one's own only: its own user had no id there. */
const isOwnByForm = ({ user }: OldDex): boolean => user === undefined || user === 'self'

/**
 * Paths of the lists that are the importer's own, as far as they say: by the account's id, by the user name, or because a list names no user
 * at all, as v1 did; a single list that names nobody but an id is taken to be theirs too. Of several such lists one is the own and the others
 * are friends', and only a person can tell which.
 */
export function guessOwn(dexes: readonly OldDex[], { account, username }: Importer): Set<string> {
  const me = foldUsername(username)
  const isForeign = ({ owner }: OldDex): boolean => owner !== undefined && foldUsername(owner) !== me
  const isMine = (dex: OldDex): boolean =>
    dex.user === account || (dex.owner !== undefined && !isForeign(dex)) || (isOwnByForm(dex) && !isForeign(dex))
  const mine = dexes.filter(isMine)
  const named = dexes.filter((dex) => !isOwnByForm(dex))
  const [only] = named
  if (named.length === 1 && only && !isForeign(only)) mine.push(only)
  return new Set(mine.map(({ path }) => path))
}
