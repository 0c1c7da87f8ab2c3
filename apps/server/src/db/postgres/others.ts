import { randomUUID } from 'node:crypto'
import pg from 'pg'
import type { Others } from '../others.ts'

const CHANNEL = 'biologidex'
/** What is said within this time goes together, in milliseconds: notifying takes a lock that all commits share. */
const GATHER_MS = 10
/** Characters of one notification at most; PostgreSQL takes less than 8,000 bytes, and words are ASCII. */
const LONGEST = 7_500
/** Waits before the listening connection is made again, in milliseconds: doubled from the first to the longest. */
const FIRST_WAIT_MS = 500
const LONGEST_WAIT_MS = 30_000

/** The words in as few payloads as they fit in: who says them, then one a line. */
export function payloadsOf(from: string, words: Iterable<string>): string[] {
  const payloads: string[] = []
  let payload = from
  for (const word of words) {
    if (payload.length + word.length + 1 > LONGEST) {
      payloads.push(payload)
      payload = from
    }
    payload += `\n${word}`
  }
  return payload === from ? payloads : [...payloads, payload]
}

interface Said {
  query(config: { text: string; values: unknown[] }): Promise<unknown>
}

/**
 * Others by LISTEN and NOTIFY. One connection listens, made again for as long as it takes when it breaks; what is said meanwhile is
 * missed. A pooler that hands connections from transaction to transaction passes nothing on: then devices hear of other processes'
 * changes by their slow pulls.
 */
export function postgresOthers(url: string, pool: Said): Others & { close(): Promise<void> } {
  const me = randomUUID()
  const waiting = new Set<string>()
  let gathering: NodeJS.Timeout | undefined
  let listening: pg.Client | undefined
  let again: NodeJS.Timeout | undefined
  let closed = false
  /** What is being said now: a connection pool that ends drops what nobody waits for. */
  let saying: Promise<unknown> = Promise.resolve()
  let wait = FIRST_WAIT_MS

  const sayAll = (): void => {
    gathering = undefined
    const payloads = payloadsOf(me, waiting)
    waiting.clear()
    const text = 'SELECT pg_notify($1, payload) FROM unnest($2::text[]) AS payload'
    // What cannot be said is heard later, at a slow pull.
    const said = pool.query({ text, values: [CHANNEL, payloads] }).catch(() => undefined)
    saying = Promise.all([saying, said])
  }

  async function listen(listener: (word: string) => void): Promise<void> {
    const client = new pg.Client({ connectionString: url, application_name: 'biologidex (listening)', keepAlive: true })
    listening = client
    const lost = (): void => {
      if (closed || listening !== client) return
      listening = undefined
      client.end().catch(() => undefined)
      again = setTimeout(() => void listen(listener), wait)
      wait = Math.min(wait * 2, LONGEST_WAIT_MS)
    }
    client.on('error', lost).on('end', lost)
    client.on('notification', ({ payload = '' }) => {
      const [from, ...words] = payload.split('\n')
      if (from !== me) for (const word of words) listener(word)
    })
    try {
      await client.connect()
      await client.query(`LISTEN ${CHANNEL}`)
      wait = FIRST_WAIT_MS
    } catch {
      lost()
    }
  }

  return {
    say(words) {
      if (closed) return
      for (const word of words) waiting.add(word)
      if (waiting.size > 0) gathering ??= setTimeout(sayAll, GATHER_MS)
    },
    hear: (listener) => void listen(listener),
    async close() {
      closed = true
      clearTimeout(again)
      if (gathering) {
        clearTimeout(gathering)
        sayAll()
      }
      await saying
      await listening?.end().catch(() => undefined)
    },
  }
}
