/** A record is far shorter; what is longer is no record but a list of them, or damage. */
const MOST_CHARS = 64_000
/** Records are flat; a later version may hold an object or a list or two. */
const MOST_DEPTH = 4
const KEY_BEFORE = /"([^"\\]*)"\s*:\s*$/
const MOST_KEY_CHARS = 200
const FIELDS = ['creation_index', 'scientific_name', 'common_name', 'dex_entry_id', 'dex_compatible_url']
const FIELD = new RegExp(`"(?:${FIELDS.join('|')})"`)

/** Where the text that begins with a quote at `at` ends, past its quote; undefined when it does not, or not as JSON allows. */
function endOfText(text: string, at: number, most: number): number | undefined {
  for (let i = at + 1; i < most; i += 1) {
    const code = text.charCodeAt(i)
    if (code === 0x22) return i + 1
    if (code === 0x5c) i += 1
    else if (code < 0x20) return undefined
  }
  return undefined
}

/** Where the object that begins at `at` ends, past its brace; undefined when it has no end that can be believed. */
function endOfObject(text: string, at: number): number | undefined {
  const most = Math.min(text.length, at + MOST_CHARS)
  let depth = 0
  for (let i = at; i < most; i += 1) {
    const char = text[i]
    if (char === '"') {
      const end = endOfText(text, i, most)
      if (end === undefined) return undefined
      i = end - 1
    } else if (char === '{' || char === '[') {
      depth += 1
      if (depth > MOST_DEPTH) return undefined
    } else if (char === '}' || char === ']') {
      depth -= 1
      if (depth === 0) return i + 1
    }
  }
  return undefined
}

const isRecordLike = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && FIELDS.some((field) => Object.hasOwn(value, field))

const holdsRecords = (value: unknown): boolean =>
  typeof value === 'object' &&
  value !== null &&
  Object.values(value).some((inner) => isRecordLike(inner) || holdsRecords(inner))

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

const keyBefore = (text: string, at: number): string =>
  KEY_BEFORE.exec(text.slice(Math.max(0, at - MOST_KEY_CHARS), at))?.[1] ?? ''

/** A record that is whole, with the key before it; or the place of one that is not, without a value. */
export interface Salvaged {
  readonly key: string
  readonly value?: unknown
}

/**
 * What is left of a list of records whose JSON is damaged or ends early. Each brace may begin a record, whatever went before it, so that
 * damage costs the records it is in and no other. A record that lost its closing brace holds those after it: it is given up, they are not.
 */
export function* salvage(text: string): Generator<Salvaged> {
  for (let at = text.indexOf('{'); at >= 0; ) {
    const end = endOfObject(text, at)
    const value = end === undefined ? undefined : parsed(text.slice(at, end))
    if (end !== undefined && isRecordLike(value) && !holdsRecords(value)) {
      yield { key: keyBefore(text, at), value }
      at = text.indexOf('{', end)
      continue
    }
    const next = text.indexOf('{', at + 1)
    const own = text.slice(at, next < 0 ? Math.min(text.length, at + MOST_CHARS) : Math.min(next, at + MOST_CHARS))
    if (FIELD.test(own)) yield { key: keyBefore(text, at) }
    at = next
  }
}
