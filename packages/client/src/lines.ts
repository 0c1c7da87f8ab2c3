import type { MutationResult } from '@biologidex/core/sync/mutation'
import { type Chunk, FEED_MODES, type FeedMode, type Hello, itemKey, LINES } from '@biologidex/core/sync/wire'
import { NetworkFailure, type TransportResponse } from './ports.ts'

/** What an answer of the line protocol brings, in order. */
export type Line =
  | { readonly kind: 'hello'; readonly hello: Hello }
  /** `text` is the line of items as it came, `items` the same parsed. */
  | { readonly kind: 'chunk'; readonly chunk: Chunk; readonly text: string; readonly items: readonly unknown[] }
  /** A chunk that is not what the protocol says; `feed` is empty when it does not even name one. */
  | { readonly kind: 'bad_chunk'; readonly feed: string }
  | { readonly kind: 'results'; readonly results: readonly MutationResult[] }
  | { readonly kind: 'unchanged' }
  | { readonly kind: 'end'; readonly digest: string }

/** Bytes of the longest line that is taken: 500 items at their largest lie well below. */
export const LONGEST_LINE = 64 * 1024 * 1024

const notOurs = (what: string): NetworkFailure => new NetworkFailure(`not an answer of the sync protocol: ${what}`)

/** Lines of text from bytes, however they are split; what follows the last line break is a cut line and never given. */
async function* textLines(body: AsyncIterable<Uint8Array>, longest: number): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
  let parts: string[] = []
  let size = 0
  for await (const piece of body) {
    let from = 0
    for (let at = piece.indexOf(10); at >= 0; at = piece.indexOf(10, from)) {
      parts.push(decoder.decode(piece.subarray(from, at)))
      yield parts.join('')
      parts = []
      size = 0
      from = at + 1
    }
    size += piece.length - from
    if (size > longest) throw notOurs('a line without end')
    if (from < piece.length) parts.push(decoder.decode(piece.subarray(from), { stream: true }))
  }
}

/** The same, with bytes that are no UTF-8 told as what they are: not ours. */
async function* soundLines(body: AsyncIterable<Uint8Array>, longest: number): AsyncGenerator<string> {
  try {
    yield* textLines(body, longest)
  } catch (error) {
    throw error instanceof TypeError ? notOurs('bytes that are no text') : error
  }
}

type Fields = Record<string, unknown>
const isFields = (value: unknown): value is Fields => typeof value === 'object' && value !== null && !Array.isArray(value)
const isCount = (value: unknown): value is number => Number.isInteger(value) && (value as number) >= 0
const isTexts = (value: unknown): boolean => Array.isArray(value) && value.every((part) => typeof part === 'string')

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function isHello(value: unknown): value is Hello {
  if (!isFields(value) || typeof value.account !== 'string' || !Array.isArray(value.feeds)) return false
  return value.feeds.every(
    (feed) =>
      isFields(feed) && typeof feed.feed === 'string' && isCount(feed.total) && FEED_MODES.includes(feed.mode as FeedMode),
  )
}

function isChunk(value: unknown): value is Chunk {
  if (!isFields(value) || typeof value.feed !== 'string' || typeof value.cursor !== 'string') return false
  if (value.cursor === '' || !isCount(value.seq) || !isCount(value.items)) return false
  return (
    (value.removed === undefined || isTexts(value.removed)) &&
    (value.animals === undefined || (Array.isArray(value.animals) && value.animals.every(isAnimal))) &&
    (value.whole === undefined || value.whole === true)
  )
}

const isAnimal = (value: unknown): boolean =>
  isFields(value) && typeof value.id === 'string' && typeof value.scientificName === 'string' && typeof value.rev === 'number'

function isResult(value: unknown): value is MutationResult {
  if (!isFields(value) || !isCount(value.n) || (value.seq !== undefined && !isCount(value.seq))) return false
  return value.status === 'done' || (value.status === 'rejected' && typeof value.code === 'string')
}

function chunkOf(header: unknown, text: string): Line {
  const items = parse(text)
  if (isChunk(header) && Array.isArray(items) && items.length === header.items)
    return { kind: 'chunk', chunk: header, text, items }
  return { kind: 'bad_chunk', feed: isFields(header) && typeof header.feed === 'string' ? header.feed : '' }
}

/** A line that stands alone; undefined for the head of a chunk, whose items are the next line. */
function lineOf(value: Fields): Line | undefined {
  if ('chunk' in value) return undefined
  if (isHello(value.hello)) return { kind: 'hello', hello: value.hello }
  if (Array.isArray(value.results) && value.results.every(isResult)) return { kind: 'results', results: value.results }
  if (value.unchanged === true) return { kind: 'unchanged' }
  if (isFields(value.end) && typeof value.end.digest === 'string') return { kind: 'end', digest: value.end.digest }
  throw notOurs('a line that says nothing we know')
}

/**
 * Reads an answer of the line protocol (wire.ts) in bounded memory (P7): one line at a time is held. What is given holds,
 * whatever comes after. Throws NetworkFailure when the answer is not ours (a proxy's page, E31), or was cut: it did
 * not come to `end` or `unchanged` (P3, E32).
 */
export async function* readLines(response: TransportResponse, longest = LONGEST_LINE): AsyncGenerator<Line> {
  if (!response.header('content-type')?.startsWith(LINES)) throw notOurs('another content type')
  let whole = false
  try {
    for await (const line of linesOf(response, longest)) {
      whole ||= line.kind === 'end' || line.kind === 'unchanged'
      yield line
    }
  } catch (error) {
    // The answer was whole: what happens to its connection after that is nobody's loss.
    if (!whole) throw error
  }
  if (!whole) throw new NetworkFailure('the answer was cut')
}

/** The lines as they come. Reads on after the last one, to the end of the body, so that the connection can be used again. */
async function* linesOf(response: TransportResponse, longest: number): AsyncGenerator<Line> {
  let head: { readonly chunk: unknown } | undefined
  for await (const text of soundLines(response.body, longest)) {
    if (head) {
      if (!text.startsWith('[')) throw notOurs('a chunk without items')
      yield chunkOf(head.chunk, text)
      head = undefined
      continue
    }
    const value = parse(text)
    if (!isFields(value)) throw notOurs('a line that is no object')
    const line = lineOf(value)
    if (line) yield line
    else head = { chunk: value.chunk }
  }
}

/** An item with what every item has. */
export interface AnyItem {
  readonly type: string
  readonly id: string
}

const TYPES: ReadonlySet<string> = new Set(['entry', 'profile', 'conflict', 'outing', 'trash', 'animal', 'friend', 'block'])

export const isKnownType = (type: string): boolean => TYPES.has(type)

/** The kind that anything says it is of; empty for what says none. */
export const typeOf = (item: unknown): string => (isFields(item) && typeof item.type === 'string' ? item.type : '')

/** True when an item is of a kind that this program knows; others are put aside, not refused (C4). */
export const isKnownItem = (item: unknown): item is AnyItem =>
  isFields(item) && typeof item.id === 'string' && typeof item.type === 'string' && TYPES.has(item.type)

/** The key of anything that has one, known kind or not; undefined for what is no item. */
export const keyOf = (item: unknown): string | undefined =>
  isFields(item) && typeof item.id === 'string' && typeof item.type === 'string'
    ? itemKey({ type: item.type, id: item.id })
    : undefined
