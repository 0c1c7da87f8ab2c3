import type { TransportRequest } from '@biologidex/client/ports'
import { canonical } from '@biologidex/core/json'
import type { Mutation, MutationResult } from '@biologidex/core/sync/mutation'
import { accountFeed, LINES } from '@biologidex/core/sync/wire'
import { type Answer, problem, sha256 } from './fake-transport.ts'

interface FakeItem {
  readonly seq: number
  readonly json: { type: string; id: string } | null
}

/** One feed as the server would keep it: items by key, each at the position of its last change (F2). */
export class FakeFeed {
  epoch = 'a'
  head = 0
  readonly items = new Map<string, FakeItem>()

  put(item: { type: string; id: string }): void {
    this.head += 1
    this.items.set(`${item.type}/${item.id}`, { seq: this.head, json: item })
  }

  remove(key: string): void {
    this.head += 1
    this.items.set(key, { seq: this.head, json: null })
  }

  get(key: string): FakeItem['json'] | undefined {
    return this.items.get(key)?.json
  }
}

interface FakeUpload {
  readonly image: string
  readonly size: number
  bytes: Uint8Array
}

const text = (body: TransportRequest['body']): string => (typeof body === 'string' ? body : new TextDecoder().decode(body))
/** Whom a code names on this server: the number that it begins with. */
export const idOfCode = (code: string): string => `00000000-0000-4000-8000-${code.slice(0, 4).padStart(12, '0').toLowerCase()}`
const toOf = (mutation: Mutation, field: string): unknown => {
  const change = mutation.set?.[field]
  return change && 'to' in change ? change.to : undefined
}

/**
 * A server of the sync protocol for the client's own tests: as small as the protocol allows, in memory, without sessions.
 * Mutations are carried out as they come, last writer wins; the real rules are the real server's.
 */
export class FakeServer {
  readonly feeds = new Map<string, FakeFeed>()
  readonly account: string
  chunkRows = 500
  /** Answers a mutation otherwise. */
  judge: (mutation: Mutation) => Partial<MutationResult> | 'crash' | undefined = () => undefined
  /** Modes and feeds said in the next answers' hello, instead of what the cursors say. */
  readonly modes = new Map<string, 'reset' | 'restored' | 'gone' | 'later'>()
  /** Feeds of which less may be seen than before: said in the next answer's hello. */
  readonly narrower = new Set<string>()
  readonly ledger = new Map<string, { hash: string; result: MutationResult }>()
  readonly uploads = new Map<string, FakeUpload>()
  readonly pictures = new Map<string, Uint8Array>()
  /** Mutations carried out, in order: nothing may be in it twice. */
  readonly applied: Mutation[] = []
  last = new Map<string, number>()
  #streams = new Set<(text: string) => void>()
  #uploadCount = 0

  constructor(account: string) {
    this.account = account
    this.feeds.set(`dex/${account}`, new FakeFeed())
    this.feeds.set('catalogue', new FakeFeed())
    this.own.put({ type: 'profile', id: account, ...{ username: 'ada', displayName: 'Ada' } })
  }

  get own(): FakeFeed {
    return this.feed(`dex/${this.account}`)
  }

  feed(name: string): FakeFeed {
    const feed = this.feeds.get(name) ?? new FakeFeed()
    this.feeds.set(name, feed)
    return feed
  }

  get digest(): string {
    return sha256([...this.feeds].map(([name, { epoch, head }]) => `${name}${epoch}${head}`).join()).slice(0, 22)
  }

  nudge(...feeds: string[]): void {
    this.nudgeRaw(`event: moved\ndata: ${JSON.stringify({ feeds })}\n\n`)
  }

  nudgeRaw(text: string): void {
    for (const send of this.#streams) send(text)
  }

  get streams(): number {
    return this.#streams.size
  }

  handle = (request: TransportRequest): Answer => {
    const { method, path } = request
    if (path.startsWith('/api/v2/sync/pull')) return this.#pull(JSON.parse(text(request.body)))
    if (path.startsWith('/api/v2/sync/push')) return this.#push(JSON.parse(text(request.body)))
    if (path.startsWith('/api/v2/sync/events')) return this.#events(request)
    if (path.startsWith('/api/v2/uploads')) return this.#upload(request)
    const picture = method === 'GET' ? this.pictures.get(path) : undefined
    return picture ? { status: 200, headers: { 'content-type': 'image/webp' }, body: picture } : problem('not_found')
  }

  #pull(input: { cursors: Record<string, string>; digest?: string; only?: string[] }): Answer {
    if (input.digest === this.digest && !input.only) return lines('{"unchanged":true}\n')
    const names = [...this.feeds.keys()].filter((name) => !input.only || input.only.includes(name))
    return lines(this.#lines(names, input.cursors, input.only ? '' : this.digest))
  }

  #lines(names: readonly string[], cursors: Readonly<Record<string, string>>, digest: string): string {
    const plans = names.map((name) => {
      const feed = this.feed(name)
      const [epoch, at] = cursors[name]?.split('.') ?? []
      const said = this.modes.get(name)
      this.modes.delete(name)
      const mode = said ?? (epoch === undefined ? 'snapshot' : epoch === feed.epoch ? 'changes' : 'restored')
      const from = mode === 'changes' ? Number(at) : 0
      const rows = [...feed.items]
        .filter(([, { seq, json }]) => seq > from && (mode === 'changes' || json))
        .sort(([, a], [, b]) => a.seq - b.seq)
      return { name, feed, mode, rows: mode === 'gone' || mode === 'later' ? [] : rows }
    })
    const hello = {
      account: this.account,
      feeds: plans.map(({ name, mode, rows }) => ({
        feed: name,
        mode,
        total: rows.length,
        ...(this.narrower.delete(name) ? { narrower: true } : {}),
      })),
    }
    let out = `${JSON.stringify({ hello })}\n`
    for (const { name, feed, mode, rows } of plans) {
      if (mode === 'gone' || mode === 'later' || (mode === 'changes' && rows.length === 0)) continue
      for (let from = 0; from === 0 || from < rows.length; from += this.chunkRows) {
        out += this.#chunk(name, feed, rows.slice(from, from + this.chunkRows), from + this.chunkRows >= rows.length)
      }
    }
    return `${out}${JSON.stringify({ end: { digest } })}\n`
  }

  #chunk(name: string, feed: FakeFeed, rows: readonly (readonly [string, FakeItem])[], whole: boolean): string {
    const items = rows.flatMap(([, { json }]) => (json ? [json] : []))
    const removed = rows.flatMap(([key, { json }]) => (json ? [] : [key]))
    const seq = whole ? feed.head : (rows.at(-1)?.[1].seq ?? 0)
    const chunk = {
      feed: name,
      cursor: `${feed.epoch}.${seq}`,
      seq,
      items: items.length,
      ...(removed.length > 0 ? { removed } : {}),
      ...(whole ? { whole } : {}),
    }
    return `${JSON.stringify({ chunk })}\n${JSON.stringify(items)}\n`
  }

  #push(input: { client: string; cursor?: string; accountCursor?: string; mutations: Mutation[] }): Answer {
    const results: MutationResult[] = []
    if (input.mutations.some((mutation) => this.judge(mutation) === 'crash')) return problem('internal')
    for (const mutation of input.mutations) {
      const key = `${input.client} ${mutation.n}`
      const recorded = this.ledger.get(key)
      const hash = canonical(mutation)
      const repeat = mutation.n <= (this.last.get(input.client) ?? 0)
      if (repeat && recorded?.hash !== hash) return problem('new_identity')
      const result = repeat && recorded ? recorded.result : this.#carryOut(mutation)
      this.ledger.set(key, { hash, result })
      this.last.set(input.client, Math.max(mutation.n, this.last.get(input.client) ?? 0))
      results.push(result)
    }
    const asked = { [`dex/${this.account}`]: input.cursor, [accountFeed(this.account)]: input.accountCursor }
    const cursors = Object.fromEntries(Object.entries(asked).flatMap(([name, at]) => (at === undefined ? [] : [[name, at]])))
    const rest = this.#lines(Object.keys(cursors), cursors, '')
    return lines(`${JSON.stringify({ results })}\n${rest.slice(rest.indexOf('\n') + 1)}`)
  }

  #carryOut(mutation: Mutation): MutationResult {
    const judged = this.judge(mutation)
    if (judged && judged !== 'crash') return { n: mutation.n, status: 'rejected', ...judged }
    this.applied.push(mutation)
    if (mutation.type === 'entry') this.#carryOutEntry(mutation)
    else if (mutation.type === 'image') this.#carryOutImage(mutation)
    else if (mutation.type === 'friend' || mutation.type === 'block') return this.#carryOutPerson(mutation)
    else this.own.remove(`conflict/${mutation.id}`)
    return { n: mutation.n, status: 'done', seq: this.own.head }
  }

  #carryOutEntry(mutation: Mutation): void {
    if (mutation.op === 'delete') return this.own.remove(`entry/${mutation.id}`)
    const blank = { type: 'entry', id: mutation.id, publicId: mutation.id, visibility: 'friends', created: 1, updated: 1 }
    const fields = Object.keys(mutation.set ?? {}).map((field) => [field, toOf(mutation, field)])
    this.own.put({ ...blank, ...this.own.get(`entry/${mutation.id}`), ...Object.fromEntries(fields) })
  }

  /** Asked by code, somebody has the id that the code's number says. */
  #carryOutPerson({ n, type, op, id, ...rest }: Mutation): MutationResult {
    const feed = this.feed(accountFeed(this.account))
    const code = toOf({ n, type, op, id, ...rest }, 'code')
    const other = typeof code === 'string' ? idOfCode(code) : id
    const person = { id: other, username: `u${other.slice(-4)}`, displayName: `U ${other.slice(-4)}`, since: 5 }
    if (op === 'delete') feed.remove(`${type}/${other}`)
    else feed.put({ type, ...person, ...(type === 'friend' ? { state: op === 'create' ? 'asked' : 'friends' } : {}) })
    if (type === 'block' && op === 'create') feed.remove(`friend/${other}`)
    return { n, status: 'done', seq: feed.head }
  }

  #carryOutImage(mutation: Mutation): void {
    const entry = this.own.get(`entry/${String(toOf(mutation, 'entry'))}`)
    if (!entry || mutation.op !== 'create') return
    const original = { sha256: toOf(mutation, 'sha256'), size: toOf(mutation, 'size'), type: toOf(mutation, 'mediaType') }
    const before = 'images' in entry ? (entry.images as object[]) : []
    this.own.put({ ...entry, ...{ images: [...before, { id: mutation.id, state: 'waiting', original }] } })
  }

  #upload({ method, path: asked, headers = {}, body }: TransportRequest): Answer {
    const [path = '', query] = asked.split('?')
    if (query !== `account=${this.account}`) return method === 'HEAD' ? { status: 409 } : problem('wrong_account')
    if (method === 'POST') {
      const image = atob(headers['upload-metadata']?.split(' ')[1] ?? '')
      const address = `/api/v2/uploads/${++this.#uploadCount}`
      this.uploads.set(address, { image, size: Number(headers['upload-length']), bytes: new Uint8Array() })
      return { status: 201, headers: { location: `http://localhost:4700${address}` } }
    }
    const upload = this.uploads.get(path)
    if (!upload) return method === 'HEAD' ? { status: 404 } : problem('not_found')
    if (method === 'HEAD') return { status: 200, headers: { 'upload-offset': String(upload.bytes.length) } }
    if (Number(headers['upload-offset']) !== upload.bytes.length) return problem('upload_state')
    upload.bytes = Buffer.concat([upload.bytes, typeof body === 'string' ? Buffer.from(body) : (body ?? new Uint8Array())])
    return { status: 204, headers: { 'upload-offset': String(upload.bytes.length) } }
  }

  #events({ signal }: TransportRequest): Answer {
    const waiting: string[] = [': hello\n\n']
    let wake = () => {}
    const send = (event: string) => {
      waiting.push(event)
      wake()
    }
    this.#streams.add(send)
    const streams = this.#streams
    signal?.addEventListener('abort', () => streams.delete(send), { once: true })
    async function* body(): AsyncGenerator<Uint8Array> {
      try {
        for (;;) {
          for (const event of waiting.splice(0)) yield new TextEncoder().encode(event)
          await new Promise<void>((resolve) => {
            wake = resolve
          })
        }
      } finally {
        streams.delete(send)
      }
    }
    return { status: 200, headers: { 'content-type': 'text/event-stream' }, body: body() }
  }
}

const lines = (body: string): Answer => ({ status: 200, headers: { 'content-type': LINES }, body })
