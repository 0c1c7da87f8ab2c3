import type { FileNotice, OldData, PlannedRow } from '@biologidex/client/old-data'
import { IMPORT_CODES, type ImportCode } from '@biologidex/core/exchange/import-codes'
import { FATES, type Fate } from '@biologidex/core/exchange/import-plan'
import { count, plural } from '../mirror/progress.ts'

/** Control characters, and those that turn the direction of text: what a file says must not move a terminal. */
const UNPRINTABLE = /[\p{Cc}\p{Cf}\u2028\u2029]/gu
const plain = (text: string): string => text.replaceAll(UNPRINTABLE, '\ufffd')

const TITLES: Record<Fate, string> = {
  new: 'To bring in',
  picture: 'Here already, to get a picture',
  here: 'Here already',
  deleted: 'Deleted by you',
  twice: 'Written twice',
  other: 'Somebody else’s',
  bad: 'Not understood',
}

function rowLine({ label, latin, notes, code, fate }: PlannedRow): string {
  const said = fate === 'bad' && code ? [code] : notes
  const called = label.name ?? `Record ${label.place}`
  const name = latin === undefined ? called : `${called} (${latin})`
  return [`  ${plain(name)}`, ...said.map((one) => `      ${one}: ${IMPORT_CODES[one]}`)].join('\n')
}

const noticeLine = ({ path, code }: { path: string; code: ImportCode }): string =>
  `  ${plain(path)}\n      ${code}: ${IMPORT_CODES[code]}`

/** Every record under what becomes of it. */
export function rowLines(rows: readonly PlannedRow[]): string[] {
  return FATES.flatMap((fate) => {
    const these = rows.filter((row) => row.fate === fate)
    return these.length === 0 ? [] : [`${TITLES[fate]}: ${count(these.length)}`, ...these.map(rowLine), '']
  })
}

/** The lists that were found, whose they are taken to be, and what is to be said of files. */
export function dexLines({ dexes }: OldData, notices: readonly FileNotice[], own: ReadonlySet<string>): string[] {
  const lines = dexes.map(({ path, user, owner, members }) => {
    const whose = own.has(path) ? 'yours' : `not yours${user ? `; if it is: --user ${plain(user)}` : ''}`
    const by = owner === undefined ? '' : `, of ${plain(owner)}`
    return `  ${plain(path)}: ${plural(members.length, 'record', 'records')}${by} (${whose})`
  })
  return [
    ...(lines.length > 0 ? ['Lists of records:', ...lines, ''] : []),
    ...(notices.length > 0 ? ['Files:', ...notices.map(noticeLine), ''] : []),
  ]
}
