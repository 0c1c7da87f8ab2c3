import type { FileNotice, OldData, PlannedRow } from '@biologidex/client/old-data'
import type { Visibility } from '@biologidex/core/entries/entry'
import { IMPORT_CODES, type ImportCode } from '@biologidex/core/exchange/import-codes'
import { FATES, type Fate } from '@biologidex/core/exchange/import-plan'
import { count, plural } from '../mirror/progress.ts'

/** Control characters, and those that turn the direction of text: what a file says must not move a terminal. */
const UNPRINTABLE = /[\p{Cc}\p{Cf}\u2028\u2029]/gu
export const plain = (text: string): string => text.replaceAll(UNPRINTABLE, '\ufffd')

const TITLES: Record<Fate, string> = {
  new: 'To bring in',
  picture: 'Here already, to get a picture',
  here: 'Here already',
  deleted: 'Deleted by you',
  twice: 'Written twice',
  other: 'Somebody else’s',
  bad: 'Not understood',
}

/** Fates of which the reason is the same for every record: it is said once. */
const SAID: ReadonlySet<Fate> = new Set(['here', 'deleted', 'twice', 'other'])

const sentence = (code: ImportCode): string => `      ${code}: ${IMPORT_CODES[code]}`

/** A record, and what is to be said of it. */
export function rowLine({ label, latin, notes, code, fate }: PlannedRow): string {
  const said = fate === 'bad' && code ? [code] : notes
  const called = label.name ?? `Record ${label.place}`
  const name = latin === undefined ? called : `${called} (${latin})`
  return [`  ${plain(name)}`, ...said.map(sentence)].join('\n')
}

const noticeLine = ({ path, code }: { path: string; code: ImportCode }): string => `  ${plain(path)}\n${sentence(code)}`

const SEEN_BY: Record<Visibility, string> = { private: 'you alone', friends: 'your friends', public: 'everyone' }

/** Who will see what comes. */
export const seenLine = (visibility: Visibility): string =>
  `New entries are seen by ${SEEN_BY[visibility]}, as your settings say.`

/** Every record under what becomes of it. */
export function rowLines(rows: readonly PlannedRow[]): string[] {
  return FATES.flatMap((fate) => {
    const these = rows.filter((row) => row.fate === fate)
    const [first] = these
    if (!first) return []
    const why = SAID.has(fate) && first.code ? [sentence(first.code)] : []
    return [`${TITLES[fate]}: ${count(these.length)}`, ...why, ...these.map(rowLine), '']
  })
}

/** The lists that were found, whose they are taken to be, and what is to be said of files. */
export function dexLines({ dexes }: OldData, notices: readonly FileNotice[], own: ReadonlySet<string>): string[] {
  const lines = dexes.map(({ path, user, owner, members }) => {
    const whose = own.has(path) ? 'yours' : `not yours; if it is: --user ${plain(user ?? owner ?? path)}`
    const by = owner === undefined ? '' : `, of ${plain(owner)}`
    return `  ${plain(path)}: ${plural(members.length, 'record', 'records')}${by} (${whose})`
  })
  return [
    ...(lines.length > 0 ? ['Lists of records:', ...lines, ''] : []),
    ...(notices.length > 0 ? ['Files:', ...notices.map(noticeLine), ''] : []),
  ]
}
