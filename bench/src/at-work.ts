import { createHash, randomUUID } from 'node:crypto'
import type { Mutation } from '@biologidex/core/sync/mutation'

/** A user's device, as far as the server is concerned: what it asks and sends, without a store. */
export class User {
  readonly #url: string
  readonly #account: string
  readonly #token: string
  readonly #client = randomUUID()
  readonly #cursors: Record<string, string> = {}
  readonly #entries: string[] = []
  #digest: string | undefined
  #sent = 0
  /** Milliseconds of each request so far. */
  readonly times: number[] = []

  constructor(url: string, account: string, token: string) {
    this.#url = url
    this.#account = account
    this.#token = token
  }

  async pull(): Promise<void> {
    const asked = { account: this.#account, cursors: this.#cursors, digest: this.#digest }
    this.#take(await this.#json('/api/v2/sync/pull', asked))
  }

  /** Changes the note of one of the own entries. */
  async edit(): Promise<void> {
    const id = this.#entries[this.#sent % this.#entries.length] ?? ''
    await this.#push([{ type: 'entry', id, op: 'update', set: { note: { to: `Note ${this.#sent}.` } } }])
  }

  /** Keeps a photo: an entry, what its picture will be, and the picture in pieces. */
  async photo(original: Uint8Array<ArrayBuffer>): Promise<void> {
    const [entry, image] = [randomUUID(), randomUUID()]
    const announced = {
      entry: { to: entry },
      sha256: { to: createHash('sha256').update(original).digest('hex') },
      size: { to: original.length },
      mediaType: { to: 'image/jpeg' },
    }
    await this.#push([
      { type: 'entry', id: entry, op: 'create', set: { note: { to: 'By the bridge.' } } },
      { type: 'image', id: image, op: 'create', set: announced },
    ])
    const metadata = `image ${Buffer.from(image).toString('base64')}`
    const begun = await this.#ask('/api/v2/uploads', {
      method: 'POST',
      headers: { 'tus-resumable': '1.0.0', 'upload-length': String(original.length), 'upload-metadata': metadata },
    })
    const { pathname } = new URL(begun.headers.get('location') ?? '', this.#url)
    const headers = { 'tus-resumable': '1.0.0', 'upload-offset': '0', 'content-type': 'application/offset+octet-stream' }
    await this.#ask(pathname, { method: 'PATCH', headers, body: original })
  }

  async #push(changes: readonly Omit<Mutation, 'n'>[]): Promise<void> {
    const ack = this.#sent
    const mutations = changes.map((change, index) => ({ ...change, n: ack + index + 1 }))
    this.#sent += changes.length
    const cursor = this.#cursors[`dex/${this.#account}`]
    const asked = { account: this.#account, client: this.#client, ack, cursor, mutations }
    const said = await this.#json('/api/v2/sync/push', asked)
    if (said.includes('"rejected"')) throw new Error(`a push was refused: ${said.slice(0, 300)}`)
  }

  #take(said: string): void {
    for (const line of said.split('\n')) {
      if (line.startsWith('[')) {
        for (const { type, id } of JSON.parse(line) as { type: string; id: string }[])
          if (type === 'entry') this.#entries.push(id)
      } else if (line !== '') {
        const { chunk, end } = JSON.parse(line) as { chunk?: { feed: string; cursor: string }; end?: { digest: string } }
        if (chunk) this.#cursors[chunk.feed] = chunk.cursor
        if (end) this.#digest = end.digest
      }
    }
  }

  async #json(path: string, body: object): Promise<string> {
    const headers = { 'content-type': 'application/json' }
    return (await this.#ask(path, { method: 'POST', headers, body: JSON.stringify(body) })).text()
  }

  /** Asks, and takes the time until all of the answer is there. */
  async #ask(path: string, { headers, ...asked }: RequestInit & { headers: Record<string, string> }): Promise<Response> {
    const address = path.startsWith('/api/v2/uploads') ? `${path}?account=${this.#account}` : path
    const began = performance.now()
    const answer = await fetch(this.#url + address, {
      ...asked,
      headers: { ...headers, authorization: `Bearer ${this.#token}` },
    })
    const bytes = await answer.arrayBuffer()
    this.times.push(performance.now() - began)
    if (!answer.ok) throw new Error(`${path} was refused: ${answer.status} ${Buffer.from(bytes).toString().slice(0, 300)}`)
    return new Response(bytes.byteLength > 0 ? bytes : null, { headers: answer.headers })
  }
}
