import { readFile } from 'node:fs/promises'

interface Header {
  readonly chunk?: { readonly removed?: readonly string[]; readonly animals?: readonly unknown[] }
  readonly results?: readonly unknown[]
}

/** What an answer of the real server brings: each record's JSON as it was served, keys that are gone, and a push's results. */
export interface Content {
  readonly records: readonly string[]
  readonly removed: readonly string[]
  readonly results: string
}

/** Takes a recorded answer apart. */
export async function contentOf(file: string): Promise<Content> {
  const records: string[] = []
  const removed: string[] = []
  let results = '[]'
  for (const line of (await readFile(file, 'utf8')).split('\n')) {
    if (line === '') continue
    if (line.startsWith('[')) {
      for (const item of JSON.parse(line) as unknown[]) records.push(JSON.stringify(item))
      continue
    }
    const { chunk, results: answered } = JSON.parse(line) as Header
    for (const animal of chunk?.animals ?? []) records.push(JSON.stringify(animal))
    removed.push(...(chunk?.removed ?? []))
    if (answered) results = JSON.stringify(answered)
  }
  return { records, removed, results }
}

/** Key of a record, as the sync protocol has it. */
export const keyOf = (record: string): string => {
  const { type, id } = JSON.parse(record) as { type: string; id: string }
  return `${type}/${id}`
}
