import { accounts } from './en/accounts.ts'
import { animals } from './en/animals.ts'
import { entries } from './en/entries.ts'
import { exchange } from './en/exchange.ts'
import { friends } from './en/friends.ts'
import { images } from './en/images.ts'
import { oldData } from './en/import.ts'
import { shell } from './en/shell.ts'
import { sync } from './en/sync.ts'
import { wall } from './en/wall.ts'

/** The one catalogue of the app's words, in ICU message syntax; each file holds the words of one slice. */
export const en = {
  ...shell,
  ...wall,
  ...sync,
  ...accounts,
  ...animals,
  ...entries,
  ...images,
  ...exchange,
  ...oldData,
  ...friends,
}
