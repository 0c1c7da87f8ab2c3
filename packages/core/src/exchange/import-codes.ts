/**
 * What the import of an older client's data says of a record, a picture or a file: a stable code, and a sentence for people. Some say why
 * something was not taken, others what was taken otherwise than it was written.
 */
export const IMPORT_CODES = {
  here: 'Is in your dex already.',
  deleted: 'Was in your dex and lies in your trash. Bring it back from there if you want it.',
  twice: 'Stands here twice; the other one counts.',
  somebody_else: 'Is somebody else’s. Say that the file is yours if it is.',
  record_damaged: 'Is damaged and could not be read.',
  record_not_understood: 'Is not a record of an animal.',
  record_empty: 'Names no animal and has no picture.',
  name_missing: 'Comes without its animal: name it later.',
  date_unknown: 'Comes without a date: it does not say when it was met.',
  picture_none: 'Comes without a picture: it has none.',
  picture_missing: 'Comes without its picture: the file is not here. Bring in the whole folder to have it.',
  picture_damaged: 'Comes without its picture: the file is damaged.',
  picture_refused: 'Comes without its picture: the file is not a picture that is taken.',
  picture_too_large: 'Comes without its picture: it is larger than pictures may be.',
  picture_changed: 'Its picture is whole, but not the one that the record says. It comes along.',
  file_damaged: 'Is damaged. The records that are whole were read; what else was in it is lost.',
  file_too_large: 'Is larger than a list of records can be, and was not read.',
  file_unreadable: 'Could not be read.',
  file_not_understood: 'Is called like a list of records, but holds none.',
  too_many_records: 'Holds more records than can be brought in at once. The first 100,000 were read.',
  link_not_followed: 'Is a link to elsewhere, and was not followed.',
  zip_inside: 'Is a zip by itself, and was not opened. Unpack it and bring its folder in.',
} as const satisfies Record<string, string>
export type ImportCode = keyof typeof IMPORT_CODES

/** Why nothing at all of a source is taken. */
export const SOURCE_CODES = {
  nothing_found: 'No records of an older client were found here.',
  too_many_files: 'There are too many files here. Choose the folder of the old client alone.',
  zip_damaged: 'This zip is damaged or not whole. If it can be unpacked, unpack it and bring its folder in.',
  zip_encrypted: 'This zip has a password. Unpack it and bring its folder in.',
  zip_links: 'This zip holds links to elsewhere, which a folder of an older client never does. Nothing of it was taken.',
  zip_paths: 'This zip holds files that want to lie outside of it. Nothing of it was taken.',
  zip_doubled: 'This zip holds two files of one name, or files within files. Nothing of it was taken.',
  zip_too_many: 'This zip holds more files than are read from one. Unpack it and bring in the folder of the old client alone.',
  zip_too_large:
    'This zip is larger than 4 GB, or unpacks to more than that. Unpack it and bring in the folder of the old client alone.',
  zip_lies: 'This zip does not hold what it says. Nothing of it was taken.',
  zip_unknown_form: 'This zip is packed in a way that is not read here. Unpack it and bring its folder in.',
} as const satisfies Record<string, string>
export type SourceCode = keyof typeof SOURCE_CODES

/** A source that is not taken, as a whole. */
export class SourceRefused extends Error {
  readonly code: SourceCode
  constructor(code: SourceCode) {
    super(SOURCE_CODES[code])
    this.name = 'SourceRefused'
    this.code = code
  }
}
