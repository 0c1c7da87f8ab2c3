import { IMPORT_CODES, type ImportCode, SOURCE_CODES, type SourceCode } from '@biologidex/core/exchange/import-codes'

type Said<Prefix extends string, Code extends string> = { readonly [C in Code as `${Prefix}.${C}`]: string }

/** The sentences of a table of codes, as messages. */
function said<Prefix extends string, Code extends string>(prefix: Prefix, table: Record<Code, string>): Said<Prefix, Code> {
  const messages = Object.entries(table).map(([code, words]) => [`${prefix}.${code}`, words])
  return Object.fromEntries(messages) as Said<Prefix, Code>
}

export const oldData = {
  'import.title': 'Bring in old data',
  'import.settings.text':
    'What an older BiologiDex client kept on a computer can come into this dex: its records become entries, with their pictures.',
  'import.settings.open': 'Bring in old data',
  'import.back': 'Back to the settings',
  'import.lead':
    'Records and pictures that an older client kept on a computer, from its data folder. You see what would come before anything is written, and the files stay as they are.',
  'import.drop.title': 'Drop the folder, its files or a zip of it here',
  'import.drop.now': 'Let go to look into it',
  'import.choose.title': 'Choose the old client’s data',
  'import.choose.text':
    'The list is called dex_database.json, or lies in dex_data; its pictures are in dex_cache. Take the whole folder or a zip of it, so that the pictures come along.',
  'import.choose.folder': 'Choose a folder',
  'import.choose.files': 'Choose a zip or files',
  'import.waits':
    'Your dex is still arriving on this device. Once it is whole, what is here already can be told from what is not.',
  'import.reading': 'Looking through it…',
  'import.reading.counted': 'Looking at {current} of {total}',
  'import.cancel': 'Stop looking',
  'import.failed': 'It could not be read. Nothing was written.',
  'import.summary.ready': '{count, plural, one {One record can come in} other {{shown} records can come in}}',
  'import.summary.none': 'There is nothing to bring in',
  'import.summary.text': 'Nothing is written yet.',
  'import.summary.seen.private': 'New entries are seen by you alone, as your settings say.',
  'import.summary.seen.friends': 'New entries are seen by your friends, as your settings say.',
  'import.summary.seen.public': 'New entries are seen by everyone, as your settings say.',
  'import.lists': 'Lists of records',
  'import.lists.text': 'Only lists that are your own come in. Say which those are.',
  'import.lists.mine': 'This is mine',
  'import.lists.count': '{count, plural, one {one record} other {{shown} records}}',
  'import.files': 'About the files',
  'import.fate.new': 'New',
  'import.fate.picture': 'Here already, get their picture',
  'import.fate.here': 'In your dex already',
  'import.fate.deleted': 'Deleted by you',
  'import.fate.twice': 'Written twice',
  'import.fate.other': 'Somebody else’s',
  'import.fate.bad': 'Not understood',
  'import.fate.new.done': 'Brought in',
  'import.fate.picture.done': 'Got their picture',
  'import.row': 'Record {place}',
  'import.more': 'Show {shown} more',
  'import.go': '{count, plural, one {Bring it in} other {Bring in {shown} records}}',
  'import.another': 'Choose something else',
  'import.bringing': 'Bringing in {current} of {total}',
  'import.bringing.text': 'What has come is kept on this device already, and goes up by itself.',
  'import.stop': 'Stop here',
  'import.done': '{count, plural, =0 {No new entries} one {One entry came in} other {{shown} entries came in}}',
  'import.done.pictures': '{count, plural, =0 {without pictures} one {with one picture} other {with {shown} pictures}}',
  'import.done.text': 'They are on this device, and go up to the server by themselves.',
  'import.done.stopped': 'It was stopped before the end. Bring the same in again for the rest.',
  'import.done.full': 'This device is full. Make room, then bring the same in again for the rest.',
  'import.done.failed': 'It ended before it was through. Bring the same in again for the rest.',
  'import.done.open': 'See them in your dex',
  ...said('import.code', IMPORT_CODES satisfies Record<ImportCode, string>),
  ...said('import.source', SOURCE_CODES satisfies Record<SourceCode, string>),
} as const
