import { createHash, randomUUID } from 'node:crypto'
import { request } from 'node:http'
import type { SessionView } from '@biologidex/core/accounts/account'
import type { OwnEntry } from '@biologidex/core/entries/entry'
import type { ImagePart } from '@biologidex/core/images/image'
import { UPLOADS_PATH } from '@biologidex/core/images/routes'
import type { MutationResult } from '@biologidex/core/sync/mutation'
import { dexFeed } from '@biologidex/core/sync/wire'

const sha256Of = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')

/** An image that a mutation has announced, with the bytes it announced. */
export interface Announced {
  readonly entry: string
  readonly image: string
  readonly bytes: Uint8Array
}

/** An answer of the server's, its body read. */
export interface Answer {
  readonly status: number
  readonly headers: Headers
  /** Code of a refusal; undefined when it went well. */
  readonly code: string | undefined
  readonly body: Buffer
  /** `Upload-Offset`, where it was said. */
  readonly offset: number | undefined
}

/** A device that announces and uploads pictures over HTTP, in a way that tests can break off. */
export class PictureClient {
  readonly url: string
  readonly account: string
  readonly token: string
  readonly #client = randomUUID()
  #n = 0

  constructor(url: string, session: SessionView) {
    this.url = url
    this.account = session.account.id
    this.token = session.token ?? ''
  }

  /** Makes an account on a server. */
  static async signUp(url: string): Promise<PictureClient> {
    const body = { username: `u${randomUUID().slice(0, 8)}`, password: 'long enough', device: 'test', session: 'bearer' }
    const answer = await fetch(`${url}/api/v2/accounts`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
    if (!answer.ok) throw new Error(await answer.text())
    return new PictureClient(url, (await answer.json()) as SessionView)
  }

  /** The same device, speaking to the server at another address (started anew). */
  at(url: string): PictureClient {
    const { account, token } = this
    const moved = new PictureClient(url, { account: { id: account }, token } as SessionView)
    return moved
  }

  async send(method: string, path: string, headers: Record<string, string> = {}, body?: Uint8Array): Promise<Answer> {
    const answer = await fetch(this.url + path, {
      method,
      headers: { authorization: `Bearer ${this.token}`, ...headers },
      ...(body ? { body: Buffer.from(body) } : {}),
    })
    const bytes = Buffer.from(await answer.arrayBuffer())
    const isProblem = answer.headers.get('content-type')?.startsWith('application/problem+json') && bytes.length > 0
    const code = isProblem ? (JSON.parse(bytes.toString()) as { code: string }).code : undefined
    const offset = answer.headers.get('upload-offset')
    const { status } = answer
    return { status, headers: answer.headers, code, body: bytes, offset: offset === null ? undefined : Number(offset) }
  }

  async mutate(type: string, id: string, op: string, set: Record<string, unknown> = {}): Promise<MutationResult> {
    this.#n += 1
    const changes = Object.fromEntries(Object.entries(set).map(([field, to]) => [field, { to }]))
    const mutations = [{ n: this.#n, type, id, op, set: changes }]
    const input = { account: this.account, client: this.#client, ack: 0, mutations }
    const headers = { 'content-type': 'application/json' }
    const { status, body } = await this.send('POST', '/api/v2/sync/push', headers, Buffer.from(JSON.stringify(input)))
    if (status !== 200) throw new Error(body.toString())
    const [line = ''] = body.toString().split('\n')
    const result = (JSON.parse(line) as { results: MutationResult[] }).results[0]
    if (result?.status !== 'done') throw new Error(line)
    return result
  }

  /** Makes an entry with one picture, whose bytes are to follow. */
  async announce(bytes: Uint8Array, said: { sha256?: string; size?: number; mediaType?: string; entry?: string } = {}) {
    const { sha256 = sha256Of(bytes), size = bytes.length, mediaType = 'image/jpeg' } = said
    const [entry, image] = [said.entry ?? randomUUID(), randomUUID()]
    if (!said.entry) await this.mutate('entry', entry, 'create', { visibility: 'private' })
    await this.mutate('image', image, 'create', { entry, sha256, size, mediaType })
    return { entry, image, bytes } satisfies Announced
  }

  create({ image, bytes }: Announced, headers: Record<string, string> = {}): Promise<Answer> {
    return this.send('POST', UPLOADS_PATH, {
      'tus-resumable': '1.0.0',
      'upload-length': String(bytes.length),
      'upload-metadata': `filename ${btoa('a.jpg')},image ${btoa(image)}`,
      ...headers,
    })
  }

  standing({ image }: Announced): Promise<Answer> {
    return this.send('HEAD', `${UPLOADS_PATH}/${image}`, { 'tus-resumable': '1.0.0' })
  }

  append({ image, bytes }: Announced, from: number, to = bytes.length, headers: Record<string, string> = {}): Promise<Answer> {
    return this.send('PATCH', `${UPLOADS_PATH}/${image}`, this.#partHeaders(from, headers), bytes.subarray(from, to))
  }

  terminate({ image }: Announced): Promise<Answer> {
    return this.send('DELETE', `${UPLOADS_PATH}/${image}`, { 'tus-resumable': '1.0.0' })
  }

  /** Creates and sends all at once; the answer to the last of it, or to the first refusal. */
  async upload(announced: Announced): Promise<Answer> {
    const made = await this.create(announced)
    return made.status === 201 && made.offset !== announced.bytes.length ? this.append(announced, made.offset ?? 0) : made
  }

  /**
   * Says that everything from `from` on comes, sends it up to `to` only, and stays on the line.
   * @returns cuts the line
   */
  hang({ image, bytes }: Announced, from: number, to: number): { cut(): void; closed: Promise<void> } {
    const headers = this.#partHeaders(from, { 'content-length': String(bytes.length - from) })
    const line = request(this.url + `${UPLOADS_PATH}/${image}`, { method: 'PATCH', headers, agent: false })
    line.setHeader('authorization', `Bearer ${this.token}`)
    const closed = new Promise<void>((resolve) => line.once('close', resolve).once('error', () => resolve()))
    line.write(bytes.subarray(from, to))
    return { cut: () => line.destroy(), closed }
  }

  #partHeaders(from: number, more: Record<string, string>): Record<string, string> {
    return {
      'tus-resumable': '1.0.0',
      'upload-offset': String(from),
      'content-type': 'application/offset+octet-stream',
      ...more,
    }
  }

  picture({ entry, image }: Announced, rendition: string, dex = this.account): Promise<Answer> {
    return this.send('GET', `/api/v2/dex/${dex}/entries/${entry}/images/${image}/${rendition}`)
  }

  /** The entry as a first pull brings it. */
  async entry(id: string): Promise<OwnEntry | undefined> {
    const input = { account: this.account, cursors: {}, only: [dexFeed(this.account)] }
    const headers = { 'content-type': 'application/json' }
    const { body } = await this.send('POST', '/api/v2/sync/pull', headers, Buffer.from(JSON.stringify(input)))
    const lines = body.toString().split('\n').filter(Boolean)
    const items = lines.map((line) => JSON.parse(line) as unknown).filter((line) => Array.isArray(line))
    return (items.flat() as OwnEntry[]).find((item) => item.type === 'entry' && item.id === id)
  }

  /** The image as its entry shows it. */
  async image({ entry, image }: Announced): Promise<ImagePart | undefined> {
    return (await this.entry(entry))?.images?.find((part) => part.id === image)
  }
}
