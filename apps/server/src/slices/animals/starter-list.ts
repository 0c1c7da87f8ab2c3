import { createReadStream } from 'node:fs'
import { createInterface } from 'node:readline'
import { IUCN_CATEGORIES, RANKS } from '@biologidex/core/animals/animal'
import { nameKey } from '@biologidex/core/animals/names'
import { z } from 'zod'
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

const several = (text: string | undefined): string[] => (text ? text.split('|').filter(Boolean) : [])
const iucnCategory = z.enum(IUCN_CATEGORIES)

/**
 * Reads one row.
 * @throws Error saying what is wrong with it
 */
export function parseRow(row: Readonly<Record<string, string>>): ListedAnimal {
  const name = row.scientific_name ?? ''
  const key = nameKey(name)
  if (!key) throw new Error(`"${name}" is not a scientific name`)
  const names: Record<string, string[]> = {}
  for (const language of ['en', 'de']) {
    const list = [row[`name_${language}`] ?? '', ...several(row[`other_${language}`])].filter(Boolean)
    if (list.length > 0) names[language] = list
  }
  const synonyms = several(row.synonyms)
  const ranks = Object.fromEntries(RANKS.flatMap((rank) => (row[rank] ? [[rank, row[rank]]] : [])))
  const record: AnimalRecord = {
    scientificName: name,
    rank: row.rank || 'species',
    names,
    ...(synonyms.length > 0 ? { synonyms } : {}),
    ranks,
    ...(row.iucn
      ? { iucn: { category: iucnCategory.parse(row.iucn), source: row.iucn_source ?? '', date: row.iucn_date ?? '' } }
      : {}),
  }
  const otherKeys = synonyms.flatMap((synonym) => nameKey(synonym) ?? []).filter((other) => other !== key)
  return { key, otherKeys: [...new Set(otherKeys)], record, source: row.source ?? '', sourceId: row.source_id || null }
}

/** The rows of a list, read as they are asked for. @throws Error naming the line that cannot be read */
export async function* readList(path: string): AsyncGenerator<ListedAnimal> {
  let header: string[] | undefined
  let line = 0
  for await (const text of createInterface({ input: createReadStream(path, 'utf8'), crlfDelay: Number.POSITIVE_INFINITY })) {
    line += 1
    const cells = text.split('\t')
    if (!header) header = cells
    else {
      try {
        yield parseRow(Object.fromEntries(header.map((column, at) => [column, cells[at] ?? ''])))
      } catch (error) {
        throw new Error(`${path}, line ${line}: ${(error as Error).message}`, { cause: error })
      }
    }
  }
}
