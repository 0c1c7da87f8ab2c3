import { createReadStream } from 'node:fs'
import { pipeline, type Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { IUCN_CATEGORIES, RANKS } from '@biologidex/core/animals/animal'
import { nameKey } from '@biologidex/core/animals/names'
import { LIMITS } from '@biologidex/core/limits'
import type { AnimalRecord } from './animals.store.ts'

/** One animal of a list in the columns of data/starter-animals.tsv. */
export interface ListedAnimal {
  readonly key: string
  /** Keys of older names and synonyms. */
  readonly otherKeys: readonly string[]
  readonly record: AnimalRecord
  readonly source: string
  readonly sourceId: string | null
}

/** A line of a list: what it says, or why it says nothing. `line` counts from 1, the header's. */
export type ListLine =
  | { readonly line: number; readonly animal: ListedAnimal }
  | { readonly line: number; readonly problem: string }

/** A list that is none: nothing of it can be read. */
export class NotAList extends Error {
  constructor(message: string, cause?: unknown) {
    super(message, { cause })
    this.name = 'NotAList'
  }
}

/** Names of one animal in one language, and characters of a line, at most: what is longer is no line of such a list. */
const MOST_NAMES = 50
const LONGEST_LINE = 20_000
/** Characters without the end of a line after which a file is no list: it would fill the memory. */
const MOST_PENDING = 1_000_000

type Row = Readonly<Record<string, string>>

const several = (text: string | undefined): string[] => (text ? text.split('|').filter(Boolean) : [])

/** Names by language, the usual one first. Checklists that know English only call their columns `common_name` and `other_names`. */
function namesOf(row: Row): Record<string, string[]> {
  const all = { ...row, name_en: row.name_en ?? row.common_name ?? '', other_en: row.other_en ?? row.other_names ?? '' }
  const names: Record<string, string[]> = {}
  for (const [column, usual] of Object.entries(all)) {
    const language = /^name_([a-z]{2,3})$/.exec(column)?.[1]
    if (!language) continue
    const list = [...new Set([usual, ...several(all[`other_${language}` as keyof typeof all])].filter(Boolean))]
    if (list.length > MOST_NAMES) throw new Error(`more than ${MOST_NAMES} names in "${language}"`)
    if (list.some((name) => name.length > LIMITS.nameChars))
      throw new Error(`a name is longer than ${LIMITS.nameChars} characters`)
    if (list.length > 0) names[language] = list
  }
  return names
}

function iucnOf(row: Row): Pick<AnimalRecord, 'iucn'> {
  // "Not evaluated" is what the Red List says of what it says nothing of.
  if (!row.iucn || row.iucn === 'NE') return {}
  const category = IUCN_CATEGORIES.find((known) => known === row.iucn)
  if (!category) throw new Error(`"${row.iucn}" is no IUCN category (${IUCN_CATEGORIES.join(', ')})`)
  return { iucn: { category, source: row.iucn_source || row.source || '', date: row.iucn_date ?? '' } }
}

/**
 * Reads one row.
 * @throws Error saying what is wrong with it
 */
export function parseRow(row: Row): ListedAnimal {
  const name = row.scientific_name ?? ''
  const key = nameKey(name)
  if (!key || name.length > LIMITS.nameChars) throw new Error(`"${name}" is not a scientific name`)
  const names = namesOf(row)
  const synonyms = several(row.synonyms)
  const ranks = Object.fromEntries(RANKS.flatMap((rank) => (row[rank] ? [[rank, row[rank]]] : [])))
  const record: AnimalRecord = {
    scientificName: name,
    rank: row.rank || 'species',
    names,
    ...(synonyms.length > 0 ? { synonyms } : {}),
    ranks,
    ...iucnOf(row),
  }
  const otherKeys = synonyms.flatMap((synonym) => nameKey(synonym) ?? []).filter((other) => other !== key)
  return { key, otherKeys: [...new Set(otherKeys)], record, source: row.source ?? '', sourceId: row.source_id || null }
}

function parseLine(header: readonly string[], text: string): ListedAnimal {
  if (text.length > LONGEST_LINE) throw new Error(`longer than ${LONGEST_LINE} characters`)
  if (text.includes('\0') || text.includes('\ufffd')) throw new Error('not text in UTF-8')
  const cells = text.split('\t')
  if (cells.length > header.length) throw new Error(`${cells.length} columns where the header has ${header.length}`)
  return parseRow(Object.fromEntries(header.map((column, at) => [column, cells[at] ?? ''])))
}

/** The text of a file, unpacked when its name ends in `.gz`. */
function opened(path: string): Readable {
  const file = createReadStream(path)
  // The pipeline hands errors of the file on to who reads.
  return path.endsWith('.gz') ? pipeline(file, createGunzip(), () => undefined) : file
}

/** The lines of a file, read as they are asked for. @throws NotAList when it cannot be read, or holds something else than lines */
async function* linesOf(path: string): AsyncGenerator<string> {
  let rest = ''
  try {
    for await (const piece of opened(path).setEncoding('utf8')) {
      const lines = `${rest}${piece}`.split('\n')
      rest = lines.pop() ?? ''
      if (rest.length > MOST_PENDING) throw new Error(`a line is longer than ${MOST_PENDING} characters`)
      for (const line of lines) yield line.endsWith('\r') ? line.slice(0, -1) : line
    }
  } catch (error) {
    throw new NotAList(`${path} cannot be read: ${(error as Error).message}`, error)
  }
  if (rest !== '') yield rest.endsWith('\r') ? rest.slice(0, -1) : rest
}

/**
 * The lines of a list (TSV, may be gzip), read as they are asked for; empty ones are passed over.
 * @throws NotAList when the file cannot be read or has no header of such a list
 */
export async function* readList(path: string): AsyncGenerator<ListLine> {
  let header: string[] | undefined
  let line = 0
  for await (const text of linesOf(path)) {
    line += 1
    if (!header) {
      header = text.replace(/^\ufeff/, '').split('\t')
      if (!header.includes('scientific_name')) throw new NotAList(`${path} has no column scientific_name in its first line`)
    } else if (text !== '') {
      try {
        yield { line, animal: parseLine(header, text) }
      } catch (error) {
        yield { line, problem: (error as Error).message }
      }
    }
  }
  if (!header) throw new NotAList(`${path} is empty`)
}
